import { GivenName } from '@claimstead/wire/cloud-api/spaces';
import { TextInput } from '@mantine/core';
import { useState, type FormEvent } from 'react';
import { words } from '../words.ts';
import { Button } from './Button.tsx';
import { Dialog } from './Dialog.tsx';
import { FormFoot, FormStack } from './Form.tsx';
import { FormError } from './FormError.tsx';

export interface NameModalProps {
  title: string;
  label: string;
  /** The name as it is now. */
  name: string;
  isBusy: boolean;
  failure: string | null;
  onSave: (name: string) => void;
  onClose: () => void;
}

/** Asks for one name; says itself what the Cloud would refuse. */
export function NameModal({ title, label, name: before, isBusy, failure, onSave, onClose }: NameModalProps) {
  const [name, setName] = useState(before);
  const parsed = GivenName.safeParse(name);
  const onSubmit = (event: FormEvent): void => {
    event.preventDefault();
    if (parsed.success) onSave(parsed.data);
  };
  return (
    <Dialog onClose={onClose} title={title}>
      <form onSubmit={onSubmit}>
        <FormStack>
          <TextInput
            label={label}
            value={name}
            maxLength={64}
            required
            withAsterisk={false}
            data-autofocus
            error={name.trim() !== '' && !parsed.success ? parsed.error.issues[0]?.message : null}
            onChange={(event) => setName(event.currentTarget.value)}
          />
          <FormError message={failure} />
          <FormFoot>
            <Button look="quiet" onClick={onClose}>
              {words.shared.cancel}
            </Button>
            <Button type="submit" look="primary" isBusy={isBusy} disabled={!parsed.success}>
              {words.shared.save}
            </Button>
          </FormFoot>
        </FormStack>
      </form>
    </Dialog>
  );
}
