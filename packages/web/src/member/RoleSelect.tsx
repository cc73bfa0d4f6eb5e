import type { Role } from '@claimstead/wire/cloud-api/roles';
import { roleMeans, roleNames } from './member-words.ts';
import styles from './RoleSelect.module.css';

export interface RoleSelectProps {
  label: string;
  role: Role;
  /** Those that may be chosen; the present one is among them. */
  choices: readonly Role[];
  onChange: (role: Role) => void;
}

/** One role of a few, in a row of a table. */
export function RoleSelect({ label, role, choices, onChange }: RoleSelectProps) {
  return (
    <select
      className={styles.select}
      aria-label={label}
      title={roleMeans[role]}
      value={role}
      onChange={(event) => onChange(event.target.value as Role)}
    >
      {choices.map((choice) => (
        <option key={choice} value={choice}>
          {roleNames[choice]}
        </option>
      ))}
    </select>
  );
}

/** One role with what each means, where somebody has to understand the choice. */
export function RoleRadios({ label, role, choices, onChange }: RoleSelectProps) {
  return (
    <fieldset className={styles.radios}>
      <legend className={styles.legend}>{label}</legend>
      {choices.map((choice) => (
        <label key={choice} className={styles.radio}>
          <input type="radio" name="role" value={choice} checked={choice === role} onChange={() => onChange(choice)} />
          <span className={styles.words}>
            <span className={styles.name}>{roleNames[choice]}</span>
            <span className={styles.means}>{roleMeans[choice]}</span>
          </span>
        </label>
      ))}
    </fieldset>
  );
}
