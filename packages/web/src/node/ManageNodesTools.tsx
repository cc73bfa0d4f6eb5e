import type { NodeView } from '@claimstead/wire/cloud-api/nodes';
import type { RoomView } from '@claimstead/wire/cloud-api/spaces';
import { Download, FolderInput, Trash2, X } from 'lucide-react';
import { useMemo } from 'react';
import type { ManageSearch } from '../paths.ts';
import { Button, IconButton } from '../ui/Button.tsx';
import { SearchField } from '../ui/SearchField.tsx';
import { SelectField } from '../ui/SelectField.tsx';
import { words } from '../words.ts';
import { manageWords } from './manage-words.ts';
import { choicesOf, type ManagedNode } from './managed-nodes.ts';
import { nodesCsv } from './node-csv.ts';
import { StateFilter } from './StateFilter.tsx';
import styles from './ManageNodesTools.module.css';

/** `undefined` ends a filter. */
type Show = (change: { [Name in keyof ManageSearch]?: ManageSearch[Name] | undefined }) => void;

export interface ManageNodesToolsProps {
  nodes: NodeView[];
  shown: ManagedNode[];
  chosen: ManagedNode[];
  rooms: RoomView[];
  search: ManageSearch;
  find: string;
  onFind: (find: string) => void;
  onShow: Show;
  onClear: () => void;
  onMove: () => void;
  onRemove: () => void;
}

/** What is shown, and what is done with what was chosen. */
export function ManageNodesTools(props: ManageNodesToolsProps) {
  const { nodes, shown, chosen, search, onShow } = props;
  return (
    <>
      <div className={styles.tools}>
        <div className={styles.line}>
          <StateFilter nodes={nodes} chosen={search.state} onChoose={(state) => onShow({ state })} />
          <SearchField label={words.node.search} value={props.find} onChange={props.onFind} />
        </div>
        <Filters {...props} />
      </div>
      {chosen.length === 0 ? (
        <div className={`${styles.line} ${styles.below}`}>
          <p className={styles.count}>{manageWords.ofAll(shown.length, nodes.length)}</p>
          <Button size="s" icon={<Download size={15} aria-hidden />} onClick={() => saveCsv(shown)}>
            {manageWords.exportAll(shown.length)}
          </Button>
        </div>
      ) : (
        <div
          className={`${styles.chosen} ${styles.below}`}
          role="toolbar"
          aria-label={manageWords.chosen(chosen.length)}
        >
          <IconButton label={manageWords.clear} onClick={props.onClear}>
            <X size={17} />
          </IconButton>
          <b role="status">{manageWords.chosen(chosen.length)}</b>
          <span className={styles.actions}>
            <Button size="s" icon={<FolderInput size={15} aria-hidden />} onClick={props.onMove}>
              {manageWords.move}
            </Button>
            <Button size="s" icon={<Download size={15} aria-hidden />} onClick={() => saveCsv(chosen)}>
              {manageWords.exportCsv}
            </Button>
            <Button size="s" look="danger" icon={<Trash2 size={15} aria-hidden />} onClick={props.onRemove}>
              {manageWords.remove}
            </Button>
          </span>
        </div>
      )}
    </>
  );
}

/** Stands before a version, so that "not told" differs from "every". */
const told = 'v:';

function Filters({ nodes, rooms, search, onShow }: ManageNodesToolsProps) {
  const { versions, contested } = useMemo(() => choicesOf(nodes), [nodes]);
  const others = rooms.filter(({ holdsAllNodes }) => !holdsAllNodes);
  return (
    <div className={styles.filters}>
      {others.length > 0 && (
        <SelectField
          label={manageWords.filterRoom}
          value={search.room ?? ''}
          options={[
            { value: '', label: manageWords.anyRoom },
            ...others.map(({ id, name, nodeCount }) => ({ value: id, label: `${name} (${nodeCount})` })),
          ]}
          onChange={(room) => onShow({ room: room === '' ? undefined : room })}
        />
      )}
      <SelectField
        label={manageWords.filterVersion}
        value={search.version === undefined ? '' : told + search.version}
        options={[
          { value: '', label: manageWords.anyVersion },
          ...versions.map(([version, count]) => ({
            value: told + version,
            label: `${version || manageWords.noVersion} (${count})`,
          })),
        ]}
        onChange={(version) => onShow({ version: version === '' ? undefined : version.slice(told.length) })}
      />
      <span className={styles.sort}>
        <SelectField
          label={manageWords.sortBy}
          value={`${search.sort ?? 'host'} ${search.order ?? 'ascending'}`}
          options={orders}
          onChange={(chosen) => {
            const [sort, order] = chosen.split(' ') as [NonNullable<ManageSearch['sort']>, string];
            onShow({ sort, order: order === 'descending' ? 'descending' : undefined });
          }}
        />
      </span>
      {(contested > 0 || search.contested) && (
        <button
          type="button"
          className={styles.contested}
          aria-pressed={search.contested !== undefined}
          onClick={() => onShow({ contested: search.contested ? undefined : 'only' })}
        >
          {manageWords.contested} <b>{contested}</b>
        </button>
      )}
    </div>
  );
}

const orders = (['host', 'state', 'since', 'version', 'claimed'] as const).flatMap((sort) =>
  (['ascending', 'descending'] as const).map((order) => ({
    value: `${sort} ${order}`,
    label: `${manageWords.sort[sort]}, ${manageWords.order[order]}`,
  })),
);

function saveCsv(nodes: ManagedNode[]): void {
  const address = URL.createObjectURL(new Blob([nodesCsv(nodes)], { type: 'text/csv;charset=utf-8' }));
  const link = document.createElement('a');
  link.href = address;
  link.download = 'claimed-nodes.csv';
  link.click();
  // Not at once: the browser reads it after this turn.
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}
