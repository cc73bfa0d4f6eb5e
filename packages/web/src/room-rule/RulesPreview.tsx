import { wordsOf } from '../api/error-words.ts';
import { HostName } from '../node/HostName.tsx';
import { Notice, Skeleton } from '../ui/Notice.tsx';
import { words } from '../words.ts';
import { roomRuleWords } from './room-rule-words.ts';
import styles from './RoomRules.module.css';
import type { Preview } from './use-preview.ts';

/** The nodes that would be in the room, and those that are already. */
export function RulesPreview({ preview: { found, error }, hasLabels }: { preview: Preview; hasLabels: boolean }) {
  return (
    <section className={styles.preview} aria-label={roomRuleWords.preview} data-testid="rules-preview">
      {error && !found && <Notice tone="stale" title={wordsOf(error)} />}
      {!error && !found && <Skeleton rows={1} heightPx={36} label={words.shared.loading} />}
      {found && (
        <>
          <h3 role="status">{roomRuleWords.previewCount(found.count)}</h3>
          {found.nodes.length > 0 && (
            <ul>
              {found.nodes.map(({ nodeId, hostname, isInRoom }) => (
                <li key={nodeId}>
                  <HostName name={hostname} />
                  {isInRoom && <span className={styles.already}>{roomRuleWords.inRoom}</span>}
                </li>
              ))}
            </ul>
          )}
          {found.count > found.nodes.length && (
            <p className={styles.says}>{roomRuleWords.previewMore(found.count - found.nodes.length)}</p>
          )}
        </>
      )}
      {hasLabels && <p className={styles.says}>{roomRuleWords.previewLabels}</p>}
    </section>
  );
}
