import type { ReactNode } from 'react';
import { words } from '../words.ts';
import { Button } from './Button.tsx';
import { Dialog } from './Dialog.tsx';
import { FormFoot, FormStack } from './Form.tsx';
import { FormError } from './FormError.tsx';

export interface ConfirmModalProps {
  title: string;
  /** Names what will be gone. */
  children: ReactNode;
  confirmLabel: string;
  isBusy: boolean;
  failure: string | null;
  onConfirm: () => void;
  onClose: () => void;
}

/** Asks before something is destroyed. The focus is on the way back. */
export function ConfirmModal({
  title,
  children,
  confirmLabel,
  isBusy,
  failure,
  onConfirm,
  onClose,
}: ConfirmModalProps) {
  return (
    <Dialog onClose={onClose} title={title}>
      <FormStack>
        {children}
        <FormError message={failure} />
        <FormFoot>
          <Button onClick={onClose} data-autofocus>
            {words.shared.cancel}
          </Button>
          <Button look="danger" isBusy={isBusy} onClick={onConfirm}>
            {confirmLabel}
          </Button>
        </FormFoot>
      </FormStack>
    </Dialog>
  );
}
