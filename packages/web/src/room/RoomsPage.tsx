// Rooms of a Space: RoomsPage.tsx (create, rename, delete), RoomList.tsx (the list beside the nodes), RoomPicker.tsx (rooms of a claim or a node).

import { roleMay } from '@claimstead/wire/cloud-api/roles';
import { GivenName, type RoomView } from '@claimstead/wire/cloud-api/spaces';
import { TextInput } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { ListFilter, UsersRound } from 'lucide-react';
import { useMemo, useState, type FormEvent } from 'react';
import { AlertCountBadges } from '../alert/AlertCounts.tsx';
import { countAlertsByRoom } from '../alert/alert-rules.ts';
import { createRoom, deleteRoom, renameRoom } from '../api/commands.ts';
import { wordsOf } from '../api/error-words.ts';
import { keys, nodesQuery, roomsQuery } from '../api/queries.ts';
import { membersQuery } from '../member/member-queries.ts';
import { memberWords } from '../member/member-words.ts';
import { WhoSees, whoSees } from '../member/WhoSees.tsx';
import { paths } from '../paths.ts';
import { RoomRulesSheet } from '../room-rule/RoomRulesSheet.tsx';
import { roomRuleWords } from '../room-rule/room-rule-words.ts';
import { useSpace } from '../space/use-current-space.ts';
import { Button } from '../ui/Button.tsx';
import { ConfirmModal } from '../ui/ConfirmModal.tsx';
import { FormError } from '../ui/FormError.tsx';
import { NameModal } from '../ui/NameModal.tsx';
import { EmptyState, Notice, Skeleton } from '../ui/Notice.tsx';
import { plainText } from '../ui/plain-text.ts';
import { useTitle } from '../ui/use-title.ts';
import { words } from '../words.ts';
import styles from './RoomsPage.module.css';

/** The rooms of a Space: create, rename, delete. */
export function RoomsPage() {
  useTitle(words.room.title);
  const { spaceId } = useParams({ from: '/signed-in/framed/spaces/$spaceId/rooms' });
  const space = useSpace(spaceId);
  const rooms = useQuery(roomsQuery(spaceId));
  const { data: nodes } = useQuery(nodesQuery(spaceId));
  const alertsByRoom = useMemo(() => countAlertsByRoom(nodes ?? []), [nodes]);
  const [renaming, setRenaming] = useState<RoomView | null>(null);
  const [deleting, setDeleting] = useState<RoomView | null>(null);
  const mayEdit = space !== undefined && roleMay(space.role, 'manage-rooms');
  const maySeePeople = space !== undefined && roleMay(space.role, 'see-members');
  const { data: members } = useQuery({ ...membersQuery(spaceId), enabled: maySeePeople });
  const allNodesRoomId = rooms.data?.find(({ holdsAllNodes }) => holdsAllNodes)?.id;
  const [seen, setSeen] = useState<RoomView | null>(null);
  const [ruled, setRuled] = useState<RoomView | null>(null);
  return (
    <div className={styles.page}>
      <h1>{words.room.title}</h1>
      <p className={styles.intro}>{words.room.intro}</p>
      {mayEdit && <CreateRoom spaceId={spaceId} />}
      {space && !mayEdit && <Notice tone="info" title={words.room.notForYou} />}
      {rooms.isError && !rooms.data && (
        <EmptyState
          title={words.shared.failedTitle}
          action={<Button onClick={() => void rooms.refetch()}>{words.shared.again}</Button>}
        >
          {wordsOf(rooms.error)}
        </EmptyState>
      )}
      {rooms.isPending && <Skeleton rows={3} heightPx={60} label={words.shared.loading} />}
      {rooms.data && (
        <ul className={styles.list}>
          {rooms.data.map((room) => (
            <li key={room.id} className={styles.row}>
              <div className={styles.name}>
                <Link
                  {...(room.holdsAllNodes ? paths.nodes(spaceId) : paths.room(spaceId, room.id))}
                  className={styles.link}
                >
                  <span className="given-line">{plainText(room.name)}</span>
                </Link>
                <span className={`${styles.slug} given-line`}>
                  {room.holdsAllNodes ? words.room.holdsAll : words.room.slug(plainText(room.slug))}
                </span>
              </div>
              <AlertCountBadges counts={alertsByRoom.get(room.id)} />
              <span className={styles.count}>{words.room.nodes(room.nodeCount)}</span>
              {members && (
                <Button
                  size="s"
                  look="quiet"
                  icon={<UsersRound size={15} aria-hidden />}
                  title={memberWords.whoSees}
                  aria-label={`${memberWords.people(countOf(whoSees(members, room, allNodesRoomId)))}. ${memberWords.whoSeesOf(plainText(room.name))}`}
                  onClick={() => setSeen(room)}
                >
                  {memberWords.people(countOf(whoSees(members, room, allNodesRoomId)))}
                </Button>
              )}
              {mayEdit && !room.holdsAllNodes && (
                <span className={styles.actions}>
                  <Button
                    size="s"
                    icon={<ListFilter size={15} aria-hidden />}
                    aria-label={roomRuleWords.openOf(plainText(room.name))}
                    onClick={() => setRuled(room)}
                  >
                    {roomRuleWords.open}
                  </Button>
                  <Button
                    size="s"
                    aria-label={words.room.renameOf(plainText(room.name))}
                    onClick={() => setRenaming(room)}
                  >
                    {words.room.rename}
                  </Button>
                  <Button
                    size="s"
                    look="danger"
                    aria-label={words.room.removeOf(plainText(room.name))}
                    onClick={() => setDeleting(room)}
                  >
                    {words.room.remove}
                  </Button>
                </span>
              )}
            </li>
          ))}
        </ul>
      )}
      {seen && members && (
        <WhoSees
          spaceId={spaceId}
          room={seen}
          allNodesRoomId={allNodesRoomId}
          members={members}
          onClose={() => setSeen(null)}
        />
      )}
      {ruled && <RoomRulesSheet spaceId={spaceId} room={ruled} onClose={() => setRuled(null)} />}
      {renaming && <RenameRoom spaceId={spaceId} room={renaming} onClose={() => setRenaming(null)} />}
      {deleting && <DeleteRoom spaceId={spaceId} room={deleting} onClose={() => setDeleting(null)} />}
    </div>
  );
}

const countOf = ({ byRole, byRoom }: ReturnType<typeof whoSees>): number => byRole.length + byRoom.length;

/** After any change of rooms: their list, and the nodes, which bear their rooms' names. */
function useRenewRooms(spaceId: string) {
  const queries = useQueryClient();
  return async (): Promise<void> => {
    void queries.invalidateQueries({ queryKey: keys.nodes(spaceId) });
    await queries.invalidateQueries({ queryKey: keys.rooms(spaceId) });
  };
}

function CreateRoom({ spaceId }: { spaceId: string }) {
  const [name, setName] = useState('');
  const renew = useRenewRooms(spaceId);
  const create = useMutation({
    mutationFn: (given: string) => createRoom(spaceId, given),
    onSuccess: async () => {
      setName('');
      await renew();
    },
  });
  const parsed = GivenName.safeParse(name);
  const onSubmit = (event: FormEvent): void => {
    event.preventDefault();
    if (parsed.success) create.mutate(parsed.data);
  };
  return (
    <form className={styles.create} onSubmit={onSubmit}>
      <div className={styles.field}>
        <TextInput
          aria-label={words.room.newName}
          placeholder={words.room.newName}
          maxLength={64}
          value={name}
          error={name.trim() !== '' && !parsed.success ? parsed.error.issues[0]?.message : null}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <Button type="submit" look="primary" isBusy={create.isPending} disabled={!parsed.success}>
          {words.room.create}
        </Button>
      </div>
      <FormError message={create.error ? wordsOf(create.error) : null} />
    </form>
  );
}

function RenameRoom({ spaceId, room, onClose }: { spaceId: string; room: RoomView; onClose: () => void }) {
  const renew = useRenewRooms(spaceId);
  const rename = useMutation({
    mutationFn: (name: string) => renameRoom(spaceId, room.id, name),
    onSuccess: async () => {
      await renew();
      onClose();
    },
  });
  return (
    <NameModal
      title={words.room.renameTitle}
      label={words.room.name}
      name={room.name}
      isBusy={rename.isPending}
      failure={rename.error ? wordsOf(rename.error) : null}
      onSave={(name) => rename.mutate(name)}
      onClose={onClose}
    />
  );
}

function DeleteRoom({ spaceId, room, onClose }: { spaceId: string; room: RoomView; onClose: () => void }) {
  const renew = useRenewRooms(spaceId);
  const remove = useMutation({
    mutationFn: () => deleteRoom(spaceId, room.id),
    onSuccess: async () => {
      await renew();
      onClose();
    },
  });
  return (
    <ConfirmModal
      title={words.room.removeTitle}
      confirmLabel={words.room.removeButton}
      isBusy={remove.isPending}
      failure={remove.error ? wordsOf(remove.error) : null}
      onConfirm={() => remove.mutate()}
      onClose={onClose}
    >
      <p className="given">{words.room.removeSays(plainText(room.name), room.nodeCount)}</p>
    </ConfirmModal>
  );
}
