import { Modal, type MantineSize } from '@mantine/core';
import type { ReactNode } from 'react';
import { words } from '../words.ts';
import { useFocusReturn } from './use-focus-return.ts';

export interface DialogProps {
  title: string;
  size?: MantineSize;
  /** False where something is shown this once: a slip of the hand must not lose it. */
  closeOnClickOutside?: boolean;
  onClose: () => void;
  children: ReactNode;
}

/** A question over the page, there as long as it is rendered. The focus stays inside, Escape closes, and the focus goes back to what opened it. */
export function Dialog({ children, ...rest }: DialogProps) {
  useFocusReturn();
  return (
    <Modal opened closeButtonProps={{ 'aria-label': words.shared.close }} {...rest}>
      {children}
    </Modal>
  );
}
