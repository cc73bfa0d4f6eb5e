import { useMutation, useQueryClient } from '@tanstack/react-query';
import { renameSpace } from '../api/commands.ts';
import { keys } from '../api/queries.ts';

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
