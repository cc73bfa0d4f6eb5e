// The files of the dashboard.

import { readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { extname, join, relative, sep } from 'node:path';
import { refusal } from './reply.ts';
import type { AgentReply } from './route.ts';

const contentTypes: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.json': 'application/json; charset=utf-8',
  '.txt': 'text/plain; charset=utf-8',
  '.webmanifest': 'application/manifest+json',
};

/** A built page has a few dozen files; more means that the folder is not one. */
const maxFiles = 1000;

/**
 * Answers with files of one folder. Which files there are is listed once, so that no path can lead out of the folder;
 * their bytes are read when they are asked for and not kept.
 */
export class StaticFiles {
  readonly #directory: string | undefined;
  #files: Map<string, string> | undefined;

  /** undefined: this agent has no page. */
  constructor(directory: string | undefined) {
    this.#directory = directory;
  }

  /** `/` is index.html. A page that was not built is told in one sentence. */
  async answer(path: string): Promise<AgentReply> {
    const files = this.#list();
    if (files === undefined) {
      return refusal(404, 'The page of this agent was not built: run "npm run build", or use the API below /api/v1/.');
    }
    const file = files.get(path === '/' ? '/index.html' : path);
    if (file === undefined) return refusal(404, 'There is no such file; the page is at /.');
    const contentType = contentTypes[extname(file)] ?? 'application/octet-stream';
    // The build puts a hash of the content into the names below /assets.
    const kept = path.startsWith('/assets/') ? 'public, max-age=31536000, immutable' : 'no-cache';
    return { status: 200, contentType, body: await readFile(file), headers: { 'cache-control': kept } };
  }

  #list(): ReadonlyMap<string, string> | undefined {
    if (this.#files !== undefined || this.#directory === undefined) return this.#files;
    const files = new Map<string, string>();
    try {
      for (const entry of readdirSync(this.#directory, { recursive: true, withFileTypes: true })) {
        if (!entry.isFile() || files.size >= maxFiles) continue;
        const file = join(entry.parentPath, entry.name);
        files.set(`/${relative(this.#directory, file).split(sep).join('/')}`, file);
      }
    } catch {
      return undefined;
    }
    // Not kept while there is no page: it may be built while the agent runs.
    if (files.has('/index.html')) this.#files = files;
    return this.#files;
  }
}
