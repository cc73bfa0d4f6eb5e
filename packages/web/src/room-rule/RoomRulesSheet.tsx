// Room rules: RoomRulesSheet.tsx (the panel of one room), RuleRow.tsx (one rule), RulesPreview.tsx (which nodes they name), room-rule-draft.ts
// (what is typed).

import { mostRoomRules, type RoomRule } from '@claimstead/wire/cloud-api/room-rules';
import type { RoomView } from '@claimstead/wire/cloud-api/spaces';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Plus } from 'lucide-react';
import { useState, type FormEvent } from 'react';
import { wordsOf } from '../api/error-words.ts';
import { keys } from '../api/queries.ts';
import { Button } from '../ui/Button.tsx';
import { FormFoot, FormStack } from '../ui/Form.tsx';
import { FormError } from '../ui/FormError.tsx';
import { EmptyState, Notice, Skeleton } from '../ui/Notice.tsx';
import { plainText } from '../ui/plain-text.ts';
import { Sheet } from '../ui/Sheet.tsx';
import { words } from '../words.ts';
import { draftOf, ruleOf, type RuleDraft } from './room-rule-draft.ts';
import { roomRulesKey, roomRulesQuery, saveRoomRules } from './room-rule-queries.ts';
import { roomRuleWords } from './room-rule-words.ts';
import styles from './RoomRules.module.css';
import { RuleRow } from './RuleRow.tsx';
import { RulesPreview } from './RulesPreview.tsx';
import { usePreview } from './use-preview.ts';

/** The rules of one room, beside the list of rooms. */
export function RoomRulesSheet({ spaceId, room, onClose }: { spaceId: string; room: RoomView; onClose: () => void }) {
  const rules = useQuery(roomRulesQuery(spaceId, room.id));
  return (
    <Sheet
      side="right"
      isOpen
      title={roomRuleWords.title(plainText(room.name))}
      closeLabel={words.shared.close}
      onClose={onClose}
    >
      <p className={styles.says}>{roomRuleWords.intro}</p>
      <p className={styles.says}>{roomRuleWords.once}</p>
      {rules.isPending && <Skeleton rows={2} heightPx={64} label={words.shared.loading} />}
      {rules.isError && !rules.data && (
        <EmptyState
          title={words.shared.failedTitle}
          action={<Button onClick={() => void rules.refetch()}>{words.shared.again}</Button>}
        >
          {wordsOf(rules.error)}
        </EmptyState>
      )}
      {rules.data && <RulesForm spaceId={spaceId} roomId={room.id} before={rules.data} onClose={onClose} />}
    </Sheet>
  );
}

function RulesForm({
  spaceId,
  roomId,
  before,
  onClose,
}: {
  spaceId: string;
  roomId: string;
  before: readonly RoomRule[];
  onClose: () => void;
}) {
  const queries = useQueryClient();
  const [drafts, setDrafts] = useState<RuleDraft[]>(before.map(draftOf));
  const [isTried, setIsTried] = useState(false);
  const save = useMutation({
    mutationFn: (rules: RoomRule[]) => saveRoomRules(spaceId, roomId, rules),
    onSuccess: async (saved) => {
      queries.setQueryData(roomRulesKey(roomId), saved.rules);
      setDrafts(saved.rules.map(draftOf));
      setIsTried(false);
      void queries.invalidateQueries({ queryKey: ['room-rules-preview', spaceId] });
      void queries.invalidateQueries({ queryKey: keys.nodes(spaceId) });
      await queries.invalidateQueries({ queryKey: keys.rooms(spaceId) });
    },
  });
  const said = drafts.flatMap((draft) => ruleOf(draft) ?? []);
  const preview = usePreview(spaceId, roomId, said);
  const change = (next: RuleDraft[]): void => {
    setDrafts(next);
    save.reset();
  };
  const add = (): void => {
    const id = Math.max(-1, ...drafts.map((draft) => draft.id)) + 1;
    change([...drafts, { id, by: 'host-name', key: '', pattern: '' }]);
  };
  const onSubmit = (event: FormEvent): void => {
    event.preventDefault();
    setIsTried(true);
    if (said.length === drafts.length) save.mutate(said);
  };
  let at = 0;
  return (
    <form onSubmit={onSubmit} noValidate>
      <FormStack>
        {drafts.length === 0 && <p className={styles.none}>{roomRuleWords.none}</p>}
        <ol className={styles.rules}>
          {drafts.map((draft, index) => (
            <RuleRow
              key={draft.id}
              draft={draft}
              number={index + 1}
              isTried={isTried}
              count={ruleOf(draft) === undefined ? undefined : preview.counts?.[at++]}
              onChange={(next) => change(drafts.map((one) => (one.id === draft.id ? next : one)))}
              onRemove={() => change(drafts.filter(({ id }) => id !== draft.id))}
            />
          ))}
        </ol>
        <div className={styles.add}>
          <Button icon={<Plus size={16} aria-hidden />} disabled={drafts.length >= mostRoomRules} onClick={add}>
            {roomRuleWords.add}
          </Button>
          {drafts.length >= mostRoomRules && <span>{roomRuleWords.most(mostRoomRules)}</span>}
        </div>
        {said.length > 0 && <RulesPreview preview={preview} hasLabels={said.some(({ by }) => by === 'label')} />}
        {save.data && <Notice tone="info" title={roomRuleWords.saved(save.data.moved)} />}
        <FormError message={save.error ? wordsOf(save.error) : null} />
        <FormFoot>
          <Button look="quiet" onClick={onClose}>
            {save.data ? words.shared.close : words.shared.cancel}
          </Button>
          <Button
            type="submit"
            look="primary"
            isBusy={save.isPending}
            disabled={isTried && said.length < drafts.length}
          >
            {roomRuleWords.save}
          </Button>
        </FormFoot>
      </FormStack>
    </form>
  );
}
