import { X } from 'lucide-react';
import { useEffect, useRef, type ReactNode } from 'react';
import { IconButton } from './Button.tsx';
import styles from './Sheet.module.css';

export interface SheetProps {
  title: string;
  closeLabel: string;
  isOpen: boolean;
  onClose: () => void;
  children: ReactNode;
}

/** A panel from the side for small screens. The browser's own modal dialog keeps the focus inside and closes on Escape. */
export function Sheet({ title, closeLabel, isOpen, onClose, children }: SheetProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    if (isOpen) dialog.current?.showModal();
    else dialog.current?.close();
  }, [isOpen]);
  return (
    <dialog
      ref={dialog}
      className={styles.sheet}
      aria-label={title}
      onClose={onClose}
      onClick={(event) => {
        if (event.target === dialog.current) onClose();
      }}
    >
      <div className={styles.inside}>
        <header className={styles.header}>
          <h2>{title}</h2>
          <IconButton label={closeLabel} onClick={onClose}>
            <X size={18} aria-hidden />
          </IconButton>
        </header>
        {isOpen && children}
      </div>
    </dialog>
  );
}
