import { GivenName, type SpaceView } from '@claimstead/wire/cloud-api/spaces';
import { roleMay } from '@claimstead/wire/cloud-api/roles';
import { TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate, useParams } from '@tanstack/react-router';
import { useId, useState, type FormEvent } from 'react';
import { deleteSpace } from '../api/commands.ts';
import { wordsOf } from '../api/error-words.ts';
import { spacesQuery } from '../api/queries.ts';
import { paths } from '../paths.ts';
import { Button } from '../ui/Button.tsx';
import { FormStack } from '../ui/Form.tsx';
import { FormError } from '../ui/FormError.tsx';
import { Notice } from '../ui/Notice.tsx';
import { plainText } from '../ui/plain-text.ts';
import { useTitle } from '../ui/use-title.ts';
import { useRenameSpace } from './rename-space.ts';
import { spaceWords } from './space-words.ts';
import { useSpace } from './use-current-space.ts';
import styles from './SpaceSettingsPage.module.css';

/** Name and end of a Space. */
export function SpaceSettingsPage() {
  useTitle(spaceWords.title);
  const { spaceId } = useParams({ from: '/signed-in/framed/spaces/$spaceId/settings' });
  const space = useSpace(spaceId);
  if (!space) return null;
  return (
    <div className={styles.page}>
      <h1>{spaceWords.title}</h1>
      {roleMay(space.role, 'manage-space') ? (
        <>
          <Name key={space.name} space={space} />
          <Delete space={space} />
        </>
      ) : (
        <Notice tone="info" title={spaceWords.notForYou} />
      )}
    </div>
  );
}

function Name({ space }: { space: SpaceView }) {
  const [name, setName] = useState(space.name);
  const rename = useRenameSpace(space.id, () => undefined);
  const parsed = GivenName.safeParse(name);
  const onSubmit = (event: FormEvent): void => {
    event.preventDefault();
    if (parsed.success) rename.mutate(parsed.data);
  };
  return (
    <section className={styles.card}>
      <h2>{spaceWords.nameTitle}</h2>
      <p className={styles.says}>{spaceWords.nameSays}</p>
      <form onSubmit={onSubmit}>
        <FormStack>
          <div className={styles.field}>
            <TextInput
              aria-label={spaceWords.name}
              value={name}
              maxLength={64}
              error={name.trim() !== '' && !parsed.success ? parsed.error.issues[0]?.message : null}
              onChange={(event) => setName(event.currentTarget.value)}
            />
            <Button
              type="submit"
              look="primary"
              isBusy={rename.isPending}
              disabled={!parsed.success || parsed.data === space.name}
            >
              {spaceWords.save}
            </Button>
          </div>
          <FormError message={rename.error ? wordsOf(rename.error) : null} />
        </FormStack>
      </form>
    </section>
  );
}

/** The name is typed, so that whoever deletes has read it. */
function Delete({ space }: { space: SpaceView }) {
  const queries = useQueryClient();
  const navigate = useNavigate();
  const titleId = useId();
  const [typed, setTyped] = useState('');
  const remove = useMutation({
    mutationFn: () => deleteSpace(space.id, space.name),
    onSuccess: async () => {
      await queries.fetchQuery({ ...spacesQuery, staleTime: 0 }).catch(() => undefined);
      await navigate(paths.start());
    },
  });
  const isRead = typed.trim() === space.name.trim();
  const onSubmit = (event: FormEvent): void => {
    event.preventDefault();
    if (isRead) remove.mutate();
  };
  return (
    <section className={`${styles.card} ${styles.danger}`} aria-labelledby={titleId}>
      <h2 id={titleId}>{spaceWords.deleteTitle}</h2>
      <ul className={styles.list}>
        {spaceWords.deleteSays(space.nodeCount).map((line) => (
          <li key={line}>{line}</li>
        ))}
      </ul>
      <form onSubmit={onSubmit}>
        <FormStack>
          <TextInput
            label={<span className="given">{spaceWords.typeName(plainText(space.name))}</span>}
            autoComplete="off"
            spellCheck={false}
            value={typed}
            onChange={(event) => setTyped(event.currentTarget.value)}
          />
          <FormError message={remove.error ? wordsOf(remove.error) : null} />
          <div>
            <Button type="submit" look="danger" isBusy={remove.isPending} disabled={!isRead}>
              {spaceWords.deleteButton}
            </Button>
          </div>
        </FormStack>
      </form>
    </section>
  );
}
