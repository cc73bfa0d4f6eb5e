import { Menu } from '@mantine/core';
import { Check, Columns3, Pause, Play, RefreshCw } from 'lucide-react';
import type { FunctionSearch } from '../paths.ts';
import { Button, IconButton } from '../ui/Button.tsx';
import { plainText } from '../ui/plain-text.ts';
import { SearchField } from '../ui/SearchField.tsx';
import type { Column, Table } from './function-table.ts';
import { functionWords } from './function-words.ts';
import styles from './FunctionPage.module.css';

export interface FunctionToolsProps {
  table: Table;
  shownColumns: Column[];
  shownRows: number;
  search: FunctionSearch;
  onShow: (change: { [Name in keyof FunctionSearch]: FunctionSearch[Name] | undefined }) => void;
  refresh: {
    isPaused: boolean;
    everySeconds: number;
    /** When the shown answer came, milliseconds since 1970. */
    atMs: number;
    onPause: (isPaused: boolean) => void;
    onAgain: () => void;
  };
}

const clock = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', second: '2-digit' });

/** What stands above the table: pause, options, columns, search. */
export function FunctionTools({ table, shownColumns, shownRows, search, onShow, refresh }: FunctionToolsProps) {
  const { isPaused, everySeconds, atMs, onPause, onAgain } = refresh;
  return (
    <div className={styles.tools}>
      <div className={styles.refresh}>
        <Button
          size="s"
          icon={isPaused ? <Play size={14} aria-hidden /> : <Pause size={14} aria-hidden />}
          onClick={() => onPause(!isPaused)}
        >
          {isPaused ? functionWords.resume : functionWords.pause}
        </Button>
        {isPaused && (
          <IconButton label={functionWords.refresh} onClick={onAgain}>
            <RefreshCw size={15} aria-hidden />
          </IconButton>
        )}
        <span className={styles.state}>
          {isPaused ? functionWords.asOf(clock.format(atMs)) : functionWords.every(everySeconds)}
        </span>
      </div>
      {table.parameters.map((parameter) => (
        <select
          key={parameter.id}
          className={styles.option}
          aria-label={plainText(parameter.name || parameter.id)}
          value={search.options?.[parameter.id] ?? parameter.options[0]?.id}
          onChange={(event) => onShow({ options: { ...search.options, [parameter.id]: event.target.value } })}
        >
          {parameter.options.map(({ id, name }) => (
            <option key={id} value={id}>
              {plainText(name || id)}
            </option>
          ))}
        </select>
      ))}
      <div className={styles.right}>
        <span className={styles.count} aria-live="off">
          {functionWords.rows(shownRows, table.rows.length)}
        </span>
        <ColumnMenu all={table.columns} shown={shownColumns} onShow={(columns) => onShow({ columns })} />
        <SearchField label={functionWords.find} value={search.find ?? ''} onChange={(find) => onShow({ find })} />
      </div>
    </div>
  );
}

interface ColumnMenuProps {
  all: Column[];
  shown: Column[];
  /** Keys; undefined = as the agent shows them. */
  onShow: (columns: string[] | undefined) => void;
}

function ColumnMenu({ all, shown, onShow }: ColumnMenuProps) {
  const keys = new Set(shown.map(({ key }) => key));
  const toggle = (key: string): void => {
    const next = all.map((column) => column.key).filter((other) => keys.has(other) !== (other === key));
    if (next.length > 0) onShow(next);
  };
  return (
    <Menu position="bottom-end" width={260} closeOnItemClick={false}>
      <Menu.Target>
        <Button size="s" icon={<Columns3 size={15} aria-hidden />}>
          {functionWords.columns}
        </Button>
      </Menu.Target>
      <Menu.Dropdown className={styles.columns}>
        <Menu.Item onClick={() => onShow(undefined)}>{functionWords.columnsReset}</Menu.Item>
        <Menu.Divider />
        {all.map(({ key, label, name }) => (
          <Menu.CheckboxItem
            key={key}
            className="mantine-Menu-item"
            title={plainText(name)}
            checked={keys.has(key)}
            checkIcon={<Check size={15} aria-hidden />}
            onChange={() => toggle(key)}
          >
            <span className="given-line">{plainText(label)}</span>
          </Menu.CheckboxItem>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
