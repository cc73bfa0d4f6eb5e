import { lowerRole, roles, type Role } from '@claimstead/wire/cloud-api/roles';
import { GivenName, type SpaceView } from '@claimstead/wire/cloud-api/spaces';
import { NativeSelect, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import { wordsOf } from '../api/error-words.ts';
import { Button } from '../ui/Button.tsx';
import { CopyButton } from '../ui/CopyButton.tsx';
import { Dialog } from '../ui/Dialog.tsx';
import { FormFoot, FormStack } from '../ui/Form.tsx';
import { FormError } from '../ui/FormError.tsx';
import { plainText } from '../ui/plain-text.ts';
import { words } from '../words.ts';
import { accountKeys, makeApiToken } from './account-queries.ts';
import { accountWords, roleNames } from './account-words.ts';
import styles from './AccountPage.module.css';

const says = accountWords.tokens;

/** A name, a Space, at most a role of one's own there, an end; then the token, once. */
export function MakeApiToken({ spaces, onClose }: { spaces: SpaceView[]; onClose: () => void }) {
  const queries = useQueryClient();
  const [name, setName] = useState('');
  const [spaceId, setSpaceId] = useState(spaces[0]?.id ?? '');
  const own = spaces.find(({ id }) => id === spaceId)?.role ?? 'observer';
  const offered = roles.filter((role) => lowerRole(own, role) === role);
  const [wanted, setWanted] = useState<Role>('observer');
  const role = offered.includes(wanted) ? wanted : own;
  const [days, setDays] = useState('30');
  const parsed = GivenName.safeParse(name);
  const make = useMutation({
    mutationFn: makeApiToken,
    onSuccess: () => queries.invalidateQueries({ queryKey: accountKeys.tokens }),
  });
  const onSubmit = (event: FormEvent): void => {
    event.preventDefault();
    if (parsed.success) make.mutate({ name: parsed.data, spaceId, role, days: Number(days) });
  };
  return (
    <Dialog onClose={onClose} title={make.data ? says.madeTitle : says.make} closeOnClickOutside={!make.data}>
      {make.data ? (
        <FormStack>
          <p>{says.madeSays}</p>
          <p className={styles.secret} data-testid="api-token">
            {make.data.token}
          </p>
          <p>{says.how}</p>
          <p className={styles.secret}>{says.header}</p>
          <FormFoot>
            <CopyButton text={make.data.token} words={words.shared.copy} />
            <Button look="primary" size="s" onClick={onClose}>
              {accountWords.done}
            </Button>
          </FormFoot>
        </FormStack>
      ) : (
        <form onSubmit={onSubmit}>
          <FormStack>
            <TextInput
              label={says.name}
              description={says.nameHint}
              name="token-name"
              autoComplete="off"
              maxLength={64}
              required
              withAsterisk={false}
              data-autofocus
              value={name}
              error={name.trim() !== '' && !parsed.success ? parsed.error.issues[0]?.message : null}
              onChange={(event) => setName(event.currentTarget.value)}
            />
            <NativeSelect
              label={says.space}
              value={spaceId}
              data={spaces.map((space) => ({ value: space.id, label: plainText(space.name) }))}
              onChange={(event) => setSpaceId(event.currentTarget.value)}
            />
            <NativeSelect
              label={says.role}
              value={role}
              data={offered.map((one) => ({ value: one, label: roleNames[one] }))}
              onChange={(event) => setWanted(roles.find((one) => one === event.currentTarget.value) ?? 'observer')}
            />
            <NativeSelect
              label={says.days}
              value={days}
              data={Object.entries(says.daysOf).map(([value, label]) => ({ value, label }))}
              onChange={(event) => setDays(event.currentTarget.value)}
            />
            <FormError message={make.error ? wordsOf(make.error) : null} />
            <FormFoot>
              <Button look="quiet" onClick={onClose}>
                {words.shared.cancel}
              </Button>
              <Button type="submit" look="primary" isBusy={make.isPending} disabled={!parsed.success}>
                {says.make}
              </Button>
            </FormFoot>
          </FormStack>
        </form>
      )}
    </Dialog>
  );
}
