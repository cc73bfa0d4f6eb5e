import { ArrowDown, ArrowUp } from 'lucide-react';
import { memo, useEffect, useMemo, useRef, useState } from 'react';
import { plainText } from '../ui/plain-text.ts';
import { barShare, cellText, columnWidth } from './cell-text.ts';
import type { Column, Row } from './function-table.ts';
import { rowKey } from './row-order.ts';
import { rowWindow } from './row-window.ts';
import styles from './FunctionTable.module.css';

export interface FunctionTableProps {
  label: string;
  columns: Column[];
  /** All columns: those that make a row unique may be hidden. */
  unique: Column[];
  /** Sorted and found already. */
  rows: Row[];
  sortedBy: string | null;
  isDescending: boolean;
  emptyWords: string;
  onSort: (column: Column) => void;
}

const rowPx = 34;

/** A long table: rows out of sight are not drawn, the header and the first column stay. Values come from an agent: text nodes only. */
export function FunctionTable(props: FunctionTableProps) {
  const { label, columns, unique, rows, sortedBy, isDescending, emptyWords, onSort } = props;
  const { scroller, shown } = useRowWindow(rows.length);
  const widths = useColumnWidths(columns, rows);
  const keyColumns = useMemo(() => unique.filter(({ isUnique }) => isUnique), [unique]);
  return (
    <div ref={scroller} className={styles.scroller} tabIndex={0} role="region" aria-label={plainText(label)}>
      <table
        className={styles.table}
        style={{ width: widths.reduce((sum, width) => sum + width, 0) }}
        aria-rowcount={rows.length + 1}
        data-rows={rows.length}
      >
        <colgroup>
          {columns.map(({ key }, n) => (
            <col key={key} style={{ width: widths[n] }} />
          ))}
        </colgroup>
        <thead>
          <tr aria-rowindex={1}>
            {columns.map((column) => (
              <ColumnHead
                key={column.key}
                column={column}
                direction={column.key !== sortedBy ? null : isDescending ? 'descending' : 'ascending'}
                onSort={() => onSort(column)}
              />
            ))}
          </tr>
        </thead>
        <tbody>
          {shown.abovePx > 0 && <Gap heightPx={shown.abovePx} columns={columns.length} />}
          {rows.slice(shown.from, shown.to).map((row, n) => (
            <TableRow key={rowKey(row, keyColumns, shown.from + n)} at={shown.from + n} columns={columns} row={row} />
          ))}
          {shown.belowPx > 0 && <Gap heightPx={shown.belowPx} columns={columns.length} />}
        </tbody>
      </table>
      {rows.length === 0 && <p className={styles.empty}>{emptyWords}</p>}
    </div>
  );
}

function ColumnHead({
  column,
  direction,
  onSort,
}: {
  column: Column;
  direction: 'ascending' | 'descending' | null;
  onSort: () => void;
}) {
  const Arrow = direction === 'descending' ? ArrowDown : ArrowUp;
  const label = (
    <>
      <span className="given-line">{plainText(column.label)}</span>
      {column.units !== '' && <span className={`${styles.units} given-line`}>{plainText(column.units)}</span>}
    </>
  );
  return (
    <th scope="col" aria-sort={direction ?? undefined} data-number={isNumber(column)} data-column={column.key}>
      {column.isSortable ? (
        <button type="button" className={styles.sort} title={plainText(column.name)} onClick={onSort}>
          {label}
          <Arrow size={13} aria-hidden className={styles.arrow} data-shown={direction !== null} />
        </button>
      ) : (
        <span className={styles.sort} title={plainText(column.name)}>
          {label}
        </span>
      )}
    </th>
  );
}

const isNumber = ({ kind }: Column): boolean => kind === 'number' || kind === 'duration';

/** While the table scrolls, rows that stay are not drawn again. */
const TableRow = memo(function TableRow({ at, columns, row }: { at: number; columns: Column[]; row: Row }) {
  return (
    <tr aria-rowindex={at + 2} data-row>
      {columns.map((column) => (
        <Cell key={column.key} column={column} value={row[column.index]} />
      ))}
    </tr>
  );
});

function Cell({ column, value }: { column: Column; value: unknown }) {
  const text = cellText(value, column);
  const share = barShare(value, column);
  return (
    <td data-number={isNumber(column)} title={text.length > 24 ? text : undefined}>
      {share !== null && (
        <span className={styles.bar} style={{ transform: `scaleX(${share.toFixed(3)})` }} aria-hidden />
      )}
      <bdi>{text}</bdi>
    </td>
  );
}

const Gap = ({ heightPx, columns }: { heightPx: number; columns: number }) => (
  <tr aria-hidden>
    <td colSpan={columns} className={styles.gap} style={{ height: heightPx }} />
  </tr>
);

/** Which rows are drawn; changes only when another part of the table comes into sight. */
function useRowWindow(count: number) {
  const scroller = useRef<HTMLDivElement>(null);
  const [place, setPlace] = useState({ scrolledPx: 0, heightPx: 800 });
  useEffect(() => {
    const element = scroller.current;
    if (!element) return;
    let frame = 0;
    const look = (): void => {
      frame = 0;
      const { scrollTop: scrolledPx, clientHeight: heightPx } = element;
      setPlace((before) => {
        const next = { scrolledPx, heightPx };
        const [a, b] = [before, next].map((at) => rowWindow(1e6, rowPx, at.scrolledPx, at.heightPx));
        return a?.from === b?.from && a?.to === b?.to ? before : next;
      });
    };
    const schedule = (): void => {
      if (frame === 0) frame = requestAnimationFrame(look);
    };
    schedule();
    element.addEventListener('scroll', schedule, { passive: true });
    const resized = new ResizeObserver(schedule);
    resized.observe(element);
    return () => {
      element.removeEventListener('scroll', schedule);
      resized.disconnect();
      cancelAnimationFrame(frame);
    };
  }, []);
  return { scroller, shown: rowWindow(count, rowPx, place.scrolledPx, place.heightPx) };
}

/** Widths only grow while the same columns are shown, so that a table that renews itself does not tremble. */
function useColumnWidths(columns: Column[], rows: Row[]): number[] {
  const [held, setHeld] = useState<{ keys: string; widths: number[] }>({ keys: '', widths: [] });
  const keys = JSON.stringify(columns.map(({ key }) => key));
  const wanted = useMemo(() => columns.map((column) => columnWidth(column, rows)), [columns, rows]);
  const widths = held.keys === keys ? wanted.map((width, n) => Math.max(width, held.widths[n] ?? 0)) : wanted;
  if (held.keys !== keys || widths.some((width, n) => width !== held.widths[n])) setHeld({ keys, widths });
  return widths;
}
