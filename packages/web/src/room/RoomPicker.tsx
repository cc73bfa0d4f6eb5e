import type { RoomView } from '@claimstead/wire/cloud-api/spaces';
import { Check } from 'lucide-react';
import { words } from '../words.ts';
import { plainText } from '../ui/plain-text.ts';
import styles from './RoomPicker.module.css';

export interface RoomPickerProps {
  /** For nodes without the room that holds all of them: nobody chooses that. */
  rooms: RoomView[];
  picked: string[];
  onPick: (roomIds: string[]) => void;
  /** What is chosen, and what is said where there is nothing to choose; of nodes unless told. */
  label?: string;
  none?: string;
}

/** Any number of rooms: checkboxes of the browser in the look of chips. */
export function RoomPicker({
  rooms,
  picked,
  onPick,
  label = words.room.pick,
  none = words.room.pickNone,
}: RoomPickerProps) {
  if (rooms.length === 0) return <p className={styles.none}>{none}</p>;
  return (
    <div className={styles.rooms} role="group" aria-label={label}>
      {rooms.map((room) => (
        <label key={room.id} className={styles.room}>
          <input
            type="checkbox"
            checked={picked.includes(room.id)}
            onChange={(event) =>
              onPick(event.target.checked ? [...picked, room.id] : picked.filter((id) => id !== room.id))
            }
          />
          <span className={styles.chip}>
            <span className={styles.tick} aria-hidden>
              <Check size={12} strokeWidth={3} />
            </span>
            <span className="given-line">{plainText(room.name)}</span>
          </span>
        </label>
      ))}
    </div>
  );
}
