// Folders that are made when they are missing.

import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';

/**
 * Makes `path` and what is missing above it, one folder at a time; throws what the system says. Not Node's own recursive way: where a parent
 * exists and refuses with ENOENT (below /proc, on some network file systems) that one never returns.
 */
export function makeFolders(path: string, mode: number): void {
  try {
    mkdirSync(path, { mode });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST') return;
    const parent = dirname(path);
    if (code !== 'ENOENT' || parent === path) throw error;
    makeFolders(parent, mode);
    // A second ENOENT is the system's last word.
    mkdirSync(path, { mode });
  }
}
