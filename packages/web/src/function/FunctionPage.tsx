import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { ChevronLeft } from 'lucide-react';
import { useMemo, useState } from 'react';
import { wordsOf } from '../api/error-words.ts';
import { nodeCan } from '../node/node-can.ts';
import { useSharedNode } from '../node/node-context.ts';
import { paths, type FunctionSearch } from '../paths.ts';
import { Button } from '../ui/Button.tsx';
import { EmptyState, Notice, Skeleton } from '../ui/Notice.tsx';
import { plainText } from '../ui/plain-text.ts';
import { words } from '../words.ts';
import { functionLabel } from './function-list.ts';
import { functionCall, type Table } from './function-table.ts';
import { functionWords } from './function-words.ts';
import { FunctionTable } from './FunctionTable.tsx';
import { FunctionTools } from './FunctionTools.tsx';
import { rowsMatching, sortedRows } from './row-order.ts';
import { functionListQuery, pauseSeconds, useFunction } from './use-function.ts';
import styles from './FunctionPage.module.css';

const timeoutSecondsUntilKnown = 10;

/** One function as a table that renews itself. Its address holds what is sorted, found and shown. */
export function FunctionPage() {
  const { node } = useSharedNode();
  const { functionName } = useParams({ from: '/signed-in/framed/nodes/$nodeId/functions/$functionName' });
  const search = useSearch({ from: '/signed-in/framed/nodes/$nodeId/functions/$functionName' });
  const navigate = useNavigate();
  const [isPaused, setIsPaused] = useState(false);
  const isReachable = nodeCan.answer(node.state);
  const { data: list } = useQuery({ ...functionListQuery(node.nodeId), enabled: isReachable });
  const offered = list?.find(({ name }) => name === functionName);
  const asked = useFunction(node.nodeId, {
    call: functionCall(functionName, search.options ?? {}),
    timeoutSeconds: offered?.timeoutSeconds ?? timeoutSecondsUntilKnown,
    isPaused: isPaused || !isReachable,
  });
  const show = (change: { [Name in keyof FunctionSearch]: FunctionSearch[Name] | undefined }): void => {
    const next = Object.fromEntries(Object.entries({ ...search, ...change }).filter(([, value]) => value));
    void navigate({ ...paths.nodeFunction(node.nodeId, functionName, next), replace: true });
  };
  const answer = asked.data;
  const help = offered?.help ?? (answer?.kind === 'table' ? answer.table.help : '');
  return (
    <section data-function={functionName}>
      <header className={styles.header}>
        <Link {...paths.nodeFunctions(node.nodeId)} className={styles.back}>
          <ChevronLeft size={15} aria-hidden />
          {functionWords.back}
        </Link>
        <h2 className="given">{plainText(functionLabel(functionName))}</h2>
        {help !== '' && <p className={`${styles.help} given`}>{plainText(help)}</p>}
      </header>
      {!answer ? (
        asked.isError ? (
          <EmptyState
            title={functionWords.refusedTitle}
            action={<Button onClick={() => void asked.refetch()}>{words.shared.again}</Button>}
          >
            {plainText(wordsOf(asked.error))}
          </EmptyState>
        ) : (
          <Skeleton rows={8} heightPx={30} label={words.shared.loading} />
        )
      ) : answer.kind === 'other' ? (
        <EmptyState title={functionWords.cannotTitle}>{plainText(functionWords.cannot(answer.type))}</EmptyState>
      ) : (
        <>
          {asked.isError && (
            <div className={styles.notice}>
              <Notice tone="stale" title={plainText(functionWords.stillOld(wordsOf(asked.error)))} />
            </div>
          )}
          <ShownTable
            table={answer.table}
            label={functionLabel(functionName)}
            search={search}
            onShow={show}
            refresh={{
              isPaused,
              everySeconds: pauseSeconds(answer),
              atMs: asked.dataUpdatedAt,
              onPause: setIsPaused,
              onAgain: () => void asked.refetch(),
            }}
          />
        </>
      )}
    </section>
  );
}

interface ShownTableProps {
  table: Table;
  label: string;
  search: FunctionSearch;
  onShow: (change: { [Name in keyof FunctionSearch]: FunctionSearch[Name] | undefined }) => void;
  refresh: Parameters<typeof FunctionTools>[0]['refresh'];
}

function ShownTable({ table, label, search, onShow, refresh }: ShownTableProps) {
  const { columns, rows } = table;
  const sorted = columns.find(({ key }) => key === (search.sort ?? table.sortFirst)) ?? null;
  const isDescending = search.order === undefined ? (sorted?.isDescending ?? false) : search.order === 'descending';
  const shownColumns = useMemo(() => {
    const chosen = columns.filter(({ key, isShownFirst }) => search.columns?.includes(key) ?? isShownFirst);
    return chosen.length > 0 ? chosen : columns;
  }, [columns, search.columns]);
  const shownRows = useMemo(
    () => sortedRows(rowsMatching(rows, columns, search.find ?? ''), sorted, isDescending),
    [rows, columns, search.find, sorted, isDescending],
  );
  return (
    <>
      <FunctionTools
        table={table}
        shownColumns={shownColumns}
        shownRows={shownRows.length}
        search={search}
        onShow={onShow}
        refresh={refresh}
      />
      <FunctionTable
        label={functionWords.table(label)}
        columns={shownColumns}
        unique={columns}
        rows={shownRows}
        sortedBy={sorted?.key ?? null}
        isDescending={isDescending}
        emptyWords={rows.length === 0 ? functionWords.noRows : functionWords.noMatch}
        onSort={(column) =>
          onShow({
            sort: column.key,
            order: (column.key === sorted?.key ? !isDescending : column.isDescending) ? 'descending' : 'ascending',
          })
        }
      />
    </>
  );
}
