import type { SpaceView } from '@claimstead/wire/cloud-api/spaces';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { renameSpace } from '../api/commands.ts';
import { wordsOf } from '../api/error-words.ts';
import { keys } from '../api/queries.ts';
import { NameModal } from '../ui/NameModal.tsx';
import { words } from '../words.ts';

/** Renames the Space and renews what bears its name. */
export function useRenameSpace(spaceId: string, onDone: () => void) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (name: string) => renameSpace(spaceId, name),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: keys.spaces });
      onDone();
    },
  });
}

export function RenameSpaceModal({ space, onClose }: { space: SpaceView; onClose: () => void }) {
  const rename = useRenameSpace(space.id, onClose);
  return (
    <NameModal
      title={words.space.renameTitle}
      label={words.space.name}
      name={space.name}
      isBusy={rename.isPending}
      failure={rename.error ? wordsOf(rename.error) : null}
      onSave={(name) => rename.mutate(name)}
      onClose={onClose}
    />
  );
}
