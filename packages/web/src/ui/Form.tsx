import type { ReactNode } from 'react';
import styles from './Form.module.css';

/** Fields below each other. */
export function FormStack({ children }: { children: ReactNode }) {
  return <div className={styles.stack}>{children}</div>;
}

/** The buttons of a form, the one that does it last. */
export function FormFoot({ children }: { children: ReactNode }) {
  return <div className={styles.foot}>{children}</div>;
}
