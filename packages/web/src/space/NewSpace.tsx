import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { createSpace } from '../api/commands.ts';
import { wordsOf } from '../api/error-words.ts';
import { spacesQuery } from '../api/queries.ts';
import { paths } from '../paths.ts';
import { NameModal } from '../ui/NameModal.tsx';
import { words } from '../words.ts';

/** Asks for a name, makes the Space and goes there. */
export function NewSpace({ onClose }: { onClose: () => void }) {
  const queries = useQueryClient();
  const navigate = useNavigate();
  const create = useMutation({
    mutationFn: createSpace,
    onSuccess: async ({ id }) => {
      await queries.fetchQuery({ ...spacesQuery, staleTime: 0 });
      onClose();
      await navigate(paths.nodes(id));
    },
  });
  return (
    <NameModal
      title={words.space.createTitle}
      label={words.space.name}
      name=""
      isBusy={create.isPending}
      failure={create.error ? wordsOf(create.error) : null}
      onSave={(name) => create.mutate(name)}
      onClose={onClose}
    />
  );
}
