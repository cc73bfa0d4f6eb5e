import { ArrowDown, ArrowUp } from 'lucide-react';
import { useCallback, useEffect, useRef, type KeyboardEvent } from 'react';
import type { ManageSearch } from '../paths.ts';
import { useWindowRows } from '../ui/use-window-rows.ts';
import { manageWords } from './manage-words.ts';
import { ManagedRow, type ManagedRowProps } from './ManagedRow.tsx';
import type { ManagedNode } from './managed-nodes.ts';
import styles from './ManagedNodes.module.css';

export interface ManagedNodesProps extends Pick<ManagedRowProps, 'allRoomId' | 'onChoose' | 'onOpen' | 'onRemove'> {
  /** Filtered and sorted. */
  nodes: ManagedNode[];
  chosen: ReadonlySet<string>;
  search: ManageSearch;
  onSort: (by: NonNullable<ManageSearch['sort']>) => void;
  onChooseAll: () => void;
}

/** Before a row was seen: one line of why below its state. */
const usualRowPx = 74;

/** The nodes of a Space as a table of which only what is in sight is drawn; on small screens each is a card. */
export function ManagedNodes(props: ManagedNodesProps) {
  const { nodes, chosen, search, onSort, onChooseAll, allRoomId, onChoose, onOpen, onRemove } = props;
  const keyOf = useCallback((index: number) => nodes[index]?.node.nodeId ?? index, [nodes]);
  const { holds, heightPx, rows, measure, scrollTo } = useWindowRows(nodes.length, usualRowPx, keyOf);
  const isAllChosen = nodes.length > 0 && nodes.every(({ node }) => chosen.has(node.nodeId));
  const focus = useFocusRow(scrollTo);

  // Between the boxes of rows by arrows; with shift they are chosen on the way.
  const onKeyDown = (event: KeyboardEvent<HTMLDivElement>): void => {
    const { target } = event;
    if (!(target instanceof HTMLInputElement) || (event.key !== 'ArrowDown' && event.key !== 'ArrowUp')) return;
    const at = Number(target.closest('[data-index]')?.getAttribute('data-index'));
    const next = focus.aheadOf(at) + (event.key === 'ArrowDown' ? 1 : -1);
    const node = nodes[next]?.node;
    if (!node) return;
    event.preventDefault();
    if (event.shiftKey) onChoose(node.nodeId, true);
    focus.move(event.currentTarget, { from: at, to: next });
  };

  return (
    <div role="table" className={styles.table} aria-rowcount={nodes.length + 1} data-rows={nodes.length}>
      <div role="row" className={`${styles.row} ${styles.head}`} aria-rowindex={1}>
        <span role="columnheader" className={styles.choose}>
          <input
            type="checkbox"
            aria-label={manageWords.chooseAll}
            title={manageWords.keys}
            checked={isAllChosen}
            ref={(box) => {
              if (box) box.indeterminate = !isAllChosen && chosen.size > 0;
            }}
            onChange={onChooseAll}
          />
        </span>
        <SortHead by="host" label={manageWords.columns.host} search={search} onSort={onSort} />
        <SortHead by="state" label={manageWords.columns.state} search={search} onSort={onSort} />
        <span role="columnheader">{manageWords.columns.rooms}</span>
        <SortHead by="version" label={manageWords.columns.version} search={search} onSort={onSort} />
        <SortHead by="claimed" label={manageWords.columns.claimed} search={search} onSort={onSort} />
        <span role="columnheader">{manageWords.columns.key}</span>
        <span role="columnheader">
          <span className="only-read">{manageWords.columns.actions}</span>
        </span>
      </div>
      <div ref={holds} role="rowgroup" className={styles.rows} style={{ height: heightPx }} onKeyDown={onKeyDown}>
        {rows.map(({ index, startPx }) => {
          const one = nodes[index];
          if (!one) return null;
          const { nodeId, hostname } = one.node;
          return (
            <div
              // By place: while somebody types, a row that is there gets another node sooner than a new one is made.
              key={index}
              ref={measure}
              role="row"
              aria-rowindex={index + 2}
              data-index={index}
              data-node={hostname}
              data-chosen={chosen.has(nodeId)}
              className={`${styles.row} ${styles.one}`}
              style={{ transform: `translateY(${startPx}px)` }}
            >
              <ManagedRow
                one={one}
                allRoomId={allRoomId}
                isChosen={chosen.has(nodeId)}
                onChoose={onChoose}
                onOpen={onOpen}
                onRemove={onRemove}
              />
            </div>
          );
        })}
      </div>
    </div>
  );
}

function SortHead({
  by,
  label,
  search,
  onSort,
}: Pick<ManagedNodesProps, 'search' | 'onSort'> & { by: NonNullable<ManageSearch['sort']>; label: string }) {
  const isSorted = (search.sort ?? 'host') === by;
  const isDescending = isSorted && search.order === 'descending';
  const Arrow = isDescending ? ArrowDown : ArrowUp;
  return (
    <span
      role="columnheader"
      aria-sort={isSorted ? (isDescending ? 'descending' : 'ascending') : undefined}
      data-column={by}
    >
      <button type="button" className={styles.sort} onClick={() => onSort(by)}>
        {label}
        <Arrow size={13} aria-hidden className={styles.arrow} data-shown={isSorted} />
      </button>
    </span>
  );
}

/** Focuses the box of a row, which may have to be drawn first. */
function useFocusRow(show: (index: number) => void) {
  const wanted = useRef<{ list: HTMLElement; from: number; to: number } | null>(null);
  const focus = (): void => {
    const { list, to } = wanted.current ?? {};
    const box = list?.querySelector<HTMLInputElement>(`[data-index="${to}"] input`);
    if (!box) return;
    wanted.current = null;
    box.focus({ preventScroll: true });
  };
  useEffect(focus);
  return {
    /** Where the focus that is in this row will be: a key that is held down is faster than rows are drawn. */
    aheadOf: (index: number): number => (wanted.current?.from === index ? wanted.current.to : index),
    move: (list: HTMLElement, rows: { from: number; to: number }): void => {
      wanted.current = { list, ...rows };
      show(rows.to);
      focus();
    },
  };
}
