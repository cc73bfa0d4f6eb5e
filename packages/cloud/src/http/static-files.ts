// The built web pages, from memory: a request never becomes a path of the file system, so none can leave the folder.

import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { extname, join, relative, sep } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';

export interface StaticFile {
  bytes: Buffer;
  contentType: string;
  etag: string;
  /** Vite puts a hash of the content into the names below assets/: such a file never changes. */
  immutable: boolean;
}

export interface StaticFiles {
  /** `path` as in an address, e.g. `/assets/index-3f2a.js`. */
  get(path: string): StaticFile | undefined;
  /** The page of every address that is no file: the router in the browser takes it from there. Undefined when nothing was built. */
  index: StaticFile | undefined;
  /** The bytes in the best encoding that `acceptEncoding` names; each encoding is made once and kept. */
  encode(
    file: StaticFile,
    acceptEncoding: string | undefined,
  ): Promise<{ bytes: Buffer; encoding: 'br' | 'gzip' | undefined }>;
}

const contentTypes: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.ico': 'image/x-icon',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
  '.webmanifest': 'application/manifest+json',
  '.woff2': 'font/woff2',
};

/** Files larger than this are no part of a page. */
const maxFileBytes = 8 * 1024 * 1024;
/** Below this, compressing gains less than the header costs. */
const minCompressBytes = 1024;

/** Reads the whole folder once. A missing folder gives an empty set: the Cloud serves its API, and `/` says what to do. */
export function readStaticFiles(directory: string): StaticFiles {
  const files = new Map<string, StaticFile>();
  for (const path of listFiles(directory)) {
    const contentType = contentTypes[extname(path)];
    if (contentType === undefined || statSync(path).size > maxFileBytes) continue;
    const bytes = readFileSync(path);
    const address = `/${relative(directory, path).split(sep).join('/')}`;
    const etag = `"${createHash('sha256').update(bytes).digest('base64url').slice(0, 22)}"`;
    files.set(address, { bytes, contentType, etag, immutable: address.startsWith('/assets/') });
  }
  const compressed = new Map<string, Promise<Buffer>>();
  const once = (key: string, make: () => Promise<Buffer>): Promise<Buffer> => {
    const known = compressed.get(key);
    if (known !== undefined) return known;
    const made = make();
    compressed.set(key, made);
    return made;
  };
  return {
    get: (path) => files.get(path),
    index: files.get('/index.html'),
    async encode(file, acceptEncoding = '') {
      const isText = !/^(image\/(?!svg)|font\/)/.test(file.contentType);
      if (!isText || file.bytes.length < minCompressBytes) return { bytes: file.bytes, encoding: undefined };
      if (/\bbr\b(?!\s*;\s*q=0(\.0*)?\b)/.test(acceptEncoding)) {
        return { bytes: await once(`br ${file.etag}`, () => brotli(file.bytes)), encoding: 'br' };
      }
      if (/\bgzip\b(?!\s*;\s*q=0(\.0*)?\b)/.test(acceptEncoding)) {
        return {
          bytes: await once(`gzip ${file.etag}`, () => promisify(gzip)(file.bytes, { level: 9 })),
          encoding: 'gzip',
        };
      }
      return { bytes: file.bytes, encoding: undefined };
    },
  };
}

/** Quality 9 of 11: within 3 % of the best size at a tenth of the time, which the first visitor waits. */
const brotli = (bytes: Buffer): Promise<Buffer> =>
  promisify(brotliCompress)(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } });

function listFiles(directory: string): string[] {
  try {
    return readdirSync(directory, { withFileTypes: true, recursive: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath ?? entry.path, entry.name));
  } catch {
    return [];
  }
}
