// The audit of a Space: AuditPage.tsx (what is shown), AuditTools.tsx (what it is narrowed to), AuditEntry.tsx (one row).

import { roleMay } from '@claimstead/wire/cloud-api/roles';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { RefreshCw, ScrollText } from 'lucide-react';
import { wordsOf } from '../api/error-words.ts';
import { paths, type AuditSearch } from '../paths.ts';
import { useSpace } from '../space/use-current-space.ts';
import { Button } from '../ui/Button.tsx';
import { CopyButton } from '../ui/CopyButton.tsx';
import { EmptyState, Notice, Skeleton } from '../ui/Notice.tsx';
import { useTitle } from '../ui/use-title.ts';
import { words } from '../words.ts';
import { AuditEntry } from './AuditEntry.tsx';
import styles from './AuditPage.module.css';
import { AuditTools } from './AuditTools.tsx';
import { auditQuery } from './audit-queries.ts';
import { auditWords } from './audit-words.ts';

const from = '/signed-in/framed/spaces/$spaceId/audit';

export function AuditPage() {
  useTitle(auditWords.title);
  const { spaceId } = useParams({ from });
  const space = useSpace(spaceId);
  if (space && !roleMay(space.role, 'see-audit'))
    return (
      <div className={styles.page}>
        <h1>{auditWords.title}</h1>
        <Notice tone="info" title={auditWords.onlyAdmins} />
      </div>
    );
  return <Rows spaceId={spaceId} />;
}

function Rows({ spaceId }: { spaceId: string }) {
  const search = useSearch({ from });
  const navigate = useNavigate();
  const audit = useInfiniteQuery(auditQuery(spaceId, search));
  const rows = audit.data?.pages.flatMap((page) => page.rows) ?? [];
  const head = audit.data?.pages[0]?.head;
  const isNarrowed = Object.values(search).some((part) => part !== undefined);
  const show = (change: { [Name in keyof AuditSearch]: AuditSearch[Name] | undefined }): void => {
    const next = Object.fromEntries(Object.entries({ ...search, ...change }).filter(([, value]) => value));
    void navigate({ ...paths.audit(spaceId, next), replace: true });
  };
  return (
    <div className={styles.page} data-rows={rows.length}>
      <header className={styles.header}>
        <h1>{auditWords.title}</h1>
        <p className={styles.intro}>{auditWords.intro}</p>
      </header>
      <AuditTools spaceId={spaceId} search={search} onChange={show} />
      {audit.isError && !audit.data ? (
        <EmptyState
          title={words.shared.failedTitle}
          action={<Button onClick={() => void audit.refetch()}>{words.shared.again}</Button>}
        >
          {wordsOf(audit.error)}
        </EmptyState>
      ) : audit.isPending ? (
        <Skeleton rows={8} heightPx={52} label={words.shared.loading} />
      ) : rows.length > 0 ? (
        <>
          <ol className={styles.list} aria-label={auditWords.title} aria-busy={audit.isPlaceholderData || undefined}>
            {rows.map((row) => (
              <AuditEntry key={row.seq} row={row} />
            ))}
          </ol>
          <div className={styles.more}>
            {audit.hasNextPage && (
              <Button isBusy={audit.isFetchingNextPage} onClick={() => void audit.fetchNextPage()}>
                {auditWords.older}
              </Button>
            )}
            <Button
              look="quiet"
              icon={<RefreshCw size={15} aria-hidden />}
              isBusy={audit.isRefetching && !audit.isFetchingNextPage}
              onClick={() => void audit.refetch()}
            >
              {auditWords.renew}
            </Button>
          </div>
          {audit.isFetchNextPageError && <Notice tone="offline" title={wordsOf(audit.error)} />}
        </>
      ) : isNarrowed ? (
        <EmptyState
          title={auditWords.noMatchTitle}
          action={<Button onClick={() => void navigate(paths.audit(spaceId))}>{auditWords.clear}</Button>}
        >
          {auditWords.noMatch}
        </EmptyState>
      ) : (
        <EmptyState icon={<ScrollText size={24} aria-hidden />} title={auditWords.noneTitle}>
          {auditWords.none}
        </EmptyState>
      )}
      {head && head.seq > 0 && (
        <footer className={styles.head}>
          <p>{auditWords.newest(head.seq)}</p>
          <p className={styles.hash}>
            <code>{head.hash}</code>
            <CopyButton text={head.hash} words={words.shared.copy} />
          </p>
          <p className={styles.hint}>{auditWords.noteIt}</p>
        </footer>
      )}
    </div>
  );
}
