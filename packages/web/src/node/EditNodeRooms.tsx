import type { NodeView } from '@claimstead/wire/cloud-api/nodes';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { setNodeRooms } from '../api/commands.ts';
import { wordsOf } from '../api/error-words.ts';
import { keys, roomsQuery } from '../api/queries.ts';
import { AskedRooms } from '../room/AskedRooms.tsx';
import { RoomPicker } from '../room/RoomPicker.tsx';
import { Button } from '../ui/Button.tsx';
import { Dialog } from '../ui/Dialog.tsx';
import { FormFoot, FormStack } from '../ui/Form.tsx';
import { FormError } from '../ui/FormError.tsx';
import { words } from '../words.ts';
import { HostName } from './HostName.tsx';

/** Which rooms a node is in. The room of all nodes is no choice: it is sent along as it is. */
export function EditNodeRooms({ node, onClose }: { node: NodeView; onClose: () => void }) {
  const queries = useQueryClient();
  const { data: rooms } = useQuery(roomsQuery(node.spaceId));
  const [picked, setPicked] = useState(node.rooms.map(({ id }) => id));
  const save = useMutation({
    mutationFn: () => setNodeRooms(node.nodeId, picked),
    onSuccess: async () => {
      void queries.invalidateQueries({ queryKey: keys.node(node.nodeId) });
      void queries.invalidateQueries({ queryKey: keys.rooms(node.spaceId) });
      await queries.invalidateQueries({ queryKey: keys.nodes(node.spaceId) });
      onClose();
    },
  });
  return (
    <Dialog onClose={onClose} title={words.room.editTitle}>
      <FormStack>
        <HostName name={node.hostname} />
        <AskedRooms spaceId={node.spaceId}>
          {(known) => (
            <RoomPicker
              rooms={known.filter(({ holdsAllNodes }) => !holdsAllNodes)}
              picked={picked}
              onPick={setPicked}
            />
          )}
        </AskedRooms>
        <FormError message={save.error ? wordsOf(save.error) : null} />
        <FormFoot>
          <Button look="quiet" onClick={onClose}>
            {words.shared.cancel}
          </Button>
          <Button look="primary" isBusy={save.isPending} disabled={!rooms} onClick={() => save.mutate()}>
            {words.shared.save}
          </Button>
        </FormFoot>
      </FormStack>
    </Dialog>
  );
}
