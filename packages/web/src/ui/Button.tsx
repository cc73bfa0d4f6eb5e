// Primitives: they know neither router nor queries nor the Cloud, and no library but React, so that the agent's page may use them.

import type { ButtonHTMLAttributes, ReactNode } from 'react';
import styles from './Button.module.css';

export type ButtonLook = 'primary' | 'plain' | 'quiet' | 'danger';

export interface ButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  look?: ButtonLook;
  size?: 's' | 'm';
  /** Shown before the words; decoration only. */
  icon?: ReactNode;
  /** Shows that work is under way and takes no further clicks. */
  isBusy?: boolean;
}

/** Class names of a button's look, for links that look like one. */
export const buttonClass = (look: ButtonLook = 'plain', size: 's' | 'm' = 'm'): string =>
  [styles.button, styles[look], styles[size]].join(' ');

export function Button({
  look = 'plain',
  size = 'm',
  icon,
  isBusy = false,
  className,
  children,
  disabled,
  ...rest
}: ButtonProps) {
  return (
    <button
      type="button"
      {...rest}
      className={[buttonClass(look, size), className].filter(Boolean).join(' ')}
      disabled={disabled === true || isBusy}
      aria-busy={isBusy || undefined}
    >
      {isBusy ? <span className={styles.spinner} aria-hidden /> : icon}
      {children}
    </button>
  );
}

export interface IconButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  /** What it does, for those who cannot see the icon, and as its tip. */
  label: string;
  isPressed?: boolean;
}

export function IconButton({ label, isPressed, className, children, ...rest }: IconButtonProps) {
  return (
    <button
      type="button"
      aria-label={label}
      title={label}
      aria-pressed={isPressed}
      {...rest}
      className={[styles.iconButton, className].filter(Boolean).join(' ')}
    >
      {children}
    </button>
  );
}
