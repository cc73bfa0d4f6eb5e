import { useId } from 'react';
import styles from './Segmented.module.css';

export interface SegmentedProps<Value extends string> {
  label: string;
  /** The chosen value; one that is not among the options chooses none. */
  value: Value;
  options: readonly { value: Value; label: string }[];
  onChange: (value: Value) => void;
}

/** One of a few: radio buttons of the browser in the look of a bar, so that arrows and readers work by themselves. */
export function Segmented<Value extends string>({ label, value, options, onChange }: SegmentedProps<Value>) {
  const name = useId();
  return (
    <fieldset className={styles.bar}>
      <legend className="only-read">{label}</legend>
      {options.map((option) => (
        <label key={option.value} className={styles.option}>
          <input
            type="radio"
            name={name}
            value={option.value}
            checked={option.value === value}
            onChange={() => onChange(option.value)}
          />
          <span>{option.label}</span>
        </label>
      ))}
    </fieldset>
  );
}
