import { X } from 'lucide-react';
import { useEffect, useRef, type ReactNode } from 'react';
import { IconButton } from './Button.tsx';
import { useFocusReturn } from './use-focus-return.ts';
import styles from './Sheet.module.css';

export interface SheetProps {
  title: string;
  closeLabel: string;
  /** `right` is wide: for what is read beside a page. */
  side?: 'left' | 'right';
  isOpen: boolean;
  onClose: () => void;
  children: ReactNode;
}

/** A panel from the side: a menu on small screens, or the details of something. The browser's own modal dialog keeps the focus inside and closes on Escape. */
export function Sheet({ title, closeLabel, side = 'left', isOpen, onClose, children }: SheetProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  useFocusReturn();
  useEffect(() => {
    if (isOpen) dialog.current?.showModal();
    else dialog.current?.close();
  }, [isOpen]);
  return (
    <dialog
      ref={dialog}
      className={styles.sheet}
      data-side={side}
      aria-label={title}
      onClose={onClose}
      onClick={(event) => {
        if (event.target === dialog.current) onClose();
      }}
    >
      <div className={styles.inside}>
        <header className={styles.header}>
          <h2 className="given">{title}</h2>
          <IconButton label={closeLabel} onClick={onClose}>
            <X size={18} aria-hidden />
          </IconButton>
        </header>
        {isOpen && children}
      </div>
    </dialog>
  );
}
