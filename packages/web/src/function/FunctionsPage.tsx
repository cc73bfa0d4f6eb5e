import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { ChevronRight, LockKeyhole, SquareFunction } from 'lucide-react';
import { wordsOf } from '../api/error-words.ts';
import { nodeCan } from '../node/node-can.ts';
import { useSharedNode } from '../node/node-context.ts';
import { paths } from '../paths.ts';
import { useSpace } from '../space/use-current-space.ts';
import { Button } from '../ui/Button.tsx';
import { EmptyState, Skeleton } from '../ui/Notice.tsx';
import { plainText } from '../ui/plain-text.ts';
import { words } from '../words.ts';
import { functionLabel, missingAccess, type AgentFunction } from './function-list.ts';
import { functionWords } from './function-words.ts';
import { functionListQuery } from './use-function.ts';
import styles from './FunctionsPage.module.css';

/** What the node can look up now; each leads to its table. */
export function FunctionsPage() {
  const { node } = useSharedNode();
  const space = useSpace(node.spaceId);
  const isReachable = nodeCan.answer(node.state);
  const list = useQuery({ ...functionListQuery(node.nodeId), enabled: isReachable && node.hasFunctions });
  if (!node.hasFunctions) return <EmptyState title={functionWords.noneTitle}>{functionWords.none}</EmptyState>;
  if (!isReachable && !list.data)
    return <EmptyState title={functionWords.failedTitle}>{functionWords.notReachable}</EmptyState>;
  if (list.isError && !list.data) {
    return (
      <EmptyState
        title={functionWords.failedTitle}
        action={<Button onClick={() => void list.refetch()}>{words.shared.again}</Button>}
      >
        {wordsOf(list.error)}
      </EmptyState>
    );
  }
  if (!list.data) return <Skeleton rows={4} heightPx={64} label={words.shared.loading} />;
  if (list.data.length === 0) return <EmptyState title={functionWords.noneTitle}>{functionWords.none}</EmptyState>;
  return (
    <>
      <p className={styles.intro}>{functionWords.intro}</p>
      <ul className={styles.list} data-rows={list.data.length}>
        {list.data.map((offered) => (
          <Offered
            key={offered.name}
            nodeId={node.nodeId}
            offered={offered}
            missing={missingAccess(offered, space?.role ?? 'member')}
          />
        ))}
      </ul>
    </>
  );
}

function Offered({ nodeId, offered, missing }: { nodeId: string; offered: AgentFunction; missing: string[] }) {
  const isAllowed = missing.length === 0;
  const label = plainText(functionLabel(offered.name));
  return (
    <li className={styles.function} data-function={offered.name} data-allowed={isAllowed}>
      <span className={styles.icon}>
        {isAllowed ? <SquareFunction size={18} aria-hidden /> : <LockKeyhole size={17} aria-hidden />}
      </span>
      <div className={styles.words}>
        {isAllowed ? (
          <Link {...paths.nodeFunction(nodeId, offered.name)} className={`${styles.link} given-line`}>
            {label}
          </Link>
        ) : (
          <span className={`${styles.name} given-line`}>{label}</span>
        )}
        <p className={`${styles.help} given`}>{plainText(offered.help)}</p>
        {!isAllowed && (
          <p className={styles.locked}>
            {functionWords.forAdmins}. {functionWords.forAdminsMeans(missing)}
          </p>
        )}
      </div>
      {isAllowed && <ChevronRight size={17} aria-hidden className={styles.go} />}
    </li>
  );
}
