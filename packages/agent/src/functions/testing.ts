// Functions under test: a machine made of files, and what a table says by column.

import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { Cell, FilledTable } from './agent-function.ts';

export interface FileTree {
  root: string;
  write(files: Readonly<Record<string, string>>): void;
  link(path: string, target: string): void;
  remove(path: string): void;
}

/** Goes away with the test. */
export function fileTree(files: Readonly<Record<string, string>>): FileTree {
  const root = mkdtempSync(join(tmpdir(), 'functions-'));
  onTestFinished(() => rmSync(root, { recursive: true }));
  const place = (path: string): string => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    return join(root, path);
  };
  const tree: FileTree = {
    root,
    write(more) {
      for (const [path, text] of Object.entries(more)) writeFileSync(place(path), text);
    },
    link: (path, target) => symlinkSync(target, place(path)),
    remove: (path) => rmSync(join(root, path), { recursive: true }),
  };
  tree.write(files);
  return tree;
}

/** Rows as key → cell. */
export function rowsOf({ table }: FilledTable): Record<string, Cell>[] {
  const { data, columns } = table as { data: Cell[][]; columns: Record<string, { index: number }> };
  return data.map((row) =>
    Object.fromEntries(Object.entries(columns).map(([key, { index }]) => [key, row[index] ?? null])),
  );
}

export const notAborted = new AbortController().signal;
