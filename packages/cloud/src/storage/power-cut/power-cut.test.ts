// The power goes at every moment at which somebody has just been told that a claim is done. Killing a process cannot show what
// this shows: what it wrote stays in the kernel's memory.

import SqliteDatabase from 'better-sqlite3';
import { build } from 'esbuild';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createReadStream, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDisk } from './disk-images.ts';
import { parseSystemCall, straceArguments } from './system-calls.ts';

/** `npm run soak` asks for more. */
const claims = Number(process.env['CLAIMSTEAD_POWER_CUT_CLAIMS'] ?? 250);
const hasStrace = spawnSync('strace', ['-V']).status === 0;

const work = mkdtempSync(join(tmpdir(), 'claimstead-power-cut-'));
const writer = join(work, 'claim-writer.mjs');
beforeAll(async () => {
  symlinkSync(fileURLToPath(new URL('../../../../../node_modules', import.meta.url)), join(work, 'node_modules'));
  await build({
    entryPoints: [fileURLToPath(new URL('./claim-writer.ts', import.meta.url))],
    outfile: writer,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    external: ['better-sqlite3'],
    banner: {
      js: `import { createRequire as testRequire } from 'node:module'; const require = testRequire(import.meta.url);`,
    },
    logLevel: 'error',
  });
});
afterAll(() => rmSync(work, { recursive: true }));

interface Finding {
  images: number;
  /** Images in which a claim that was told to be done is missing. */
  lost: number;
  corrupt: number;
}

async function cutThePower(synchronous: 'FULL' | 'OFF'): Promise<Finding> {
  const folder = join(work, synchronous);
  const log = join(work, `${synchronous}.strace`);
  mkdirSync(folder);
  const child = spawn(
    'strace',
    ['-o', log, ...straceArguments, process.execPath, writer, folder, String(claims), synchronous],
    { stdio: ['ignore', 'ignore', 'inherit'] },
  );
  await once(child, 'exit');

  const disk = createDisk((file) => file.startsWith(folder) && !file.endsWith('-shm'));
  const finding: Finding = { images: 0, lost: 0, corrupt: 0 };
  const keep = coin(1);
  let said = '';
  for await (const text of createInterface({ input: createReadStream(log, 'latin1') })) {
    const call = parseSystemCall(text);
    if (call === undefined) continue;
    disk.apply(call);
    if (call.call !== 'say') continue;
    said = call.bytes.toString();
    const acknowledged = Number(/^ACK (\d+)\n$/.exec(said)?.[1]);
    for (const image of [disk.durableImage(), disk.tornImage(keep)]) {
      finding.images++;
      const found = inspect(image);
      if (found === 'corrupt') finding.corrupt++;
      else if (found < acknowledged) finding.lost++;
    }
  }
  expect(said).toBe(`ACK ${claims}\n`);
  return finding;
}

/** How many claims a Cloud would find that starts on this disk: each whole, with its node, its room and its line in the audit. */
function inspect(image: Map<string, Buffer>): number | 'corrupt' {
  const folder = mkdtempSync(join(work, 'image-'));
  for (const [file, bytes] of image) writeFileSync(join(folder, basename(file)), bytes);
  try {
    const db = new SqliteDatabase(join(folder, 'claimstead.db'));
    try {
      if (db.pragma('integrity_check', { simple: true }) !== 'ok') return 'corrupt';
      if ((db.pragma('foreign_key_check') as unknown[]).length > 0) return 'corrupt';
      const tables = db.prepare(`select count(*) as n from sqlite_master where name = 'audit'`).get() as { n: number };
      if (tables.n === 0) return -1;
      const { nodes, claimed, joined, left, audited } = db
        .prepare(
          `select (select count(*) from node) as nodes, (select count(*) from claim) as claimed,
            (select count(*) from node_room) as joined, (select coalesce(max(uses_left), ?) from claim_token) as left,
            (select count(*) from audit where kind = 'claim-accepted') as audited`,
        )
        .get(claims) as Record<'nodes' | 'claimed' | 'joined' | 'left' | 'audited', number>;
      const isWhole = nodes === claimed && nodes === joined && nodes === audited && nodes === claims - left;
      return isWhole ? nodes : 'corrupt';
    } finally {
      db.close();
    }
  } catch {
    return 'corrupt';
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Heads or tails, the same in every run (a linear congruential generator). */
function coin(seed: number): () => boolean {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state >= 0x8000_0000;
  };
}

describe.skipIf(!hasStrace)(`a power cut after each of ${claims} claims (needs strace)`, () => {
  it('loses no claim that was acknowledged, and leaves a sound database', async () => {
    expect(await cutThePower('FULL')).toEqual({ images: 2 * (claims + 1), lost: 0, corrupt: 0 });
  }, 600_000);

  it('is noticed: a database that does not wait for its disk loses claims here', async () => {
    const { images, lost, corrupt } = await cutThePower('OFF');
    expect(images).toBe(2 * (claims + 1));
    expect(lost + corrupt).toBeGreaterThan(images * 0.45);
  }, 600_000);
});

describe('reading system calls', () => {
  it('reads writes, cuts and syncs, and refuses what it cannot follow', () => {
    expect(parseSystemCall('pwrite64(20<\\x2f\\x61>, "\\x41\\x42", 2, 4096) = 2')).toEqual({
      call: 'write-at',
      file: '/a',
      offset: 4096,
      bytes: Buffer.from('AB'),
    });
    expect(parseSystemCall('pwrite64(20</a>, "\\x41\\x42", 2, 0) = 1')).toMatchObject({ bytes: Buffer.from('A') });
    expect(parseSystemCall('ftruncate(20</a>, 512) = 0')).toEqual({ call: 'truncate', file: '/a', size: 512 });
    expect(parseSystemCall('fdatasync(20</a>)       = 0')).toEqual({ call: 'sync', file: '/a' });
    expect(parseSystemCall('fsync(20</a>) = -1 EIO (Input/output error)')).toBeUndefined();
    expect(parseSystemCall('write(1<pipe:[1]>, "\\x41", 1) = 1')).toEqual({ call: 'say', bytes: Buffer.from('A') });
    expect(parseSystemCall('write(2</dev/null>, "\\x41", 1) = 1')).toBeUndefined();
    expect(parseSystemCall('unlink("\\x2f\\x61") = 0')).toEqual({ call: 'unlink', file: '/a' });
    expect(parseSystemCall('unlink("/a") = -1 ENOENT (No such file or directory)')).toBeUndefined();
    expect(parseSystemCall('+++ killed by SIGKILL +++')).toBeUndefined();
    expect(() => parseSystemCall('pwritev(20</a>, [{iov_base="x", iov_len=1}], 1, 0) = 1')).toThrow('not followed');
    expect(() => parseSystemCall('rename("/a", "/b") = 0')).toThrow('not followed');
    expect(() => parseSystemCall('pwrite64(20</a>, "\\x41"..., 2, 0) = 2')).toThrow('cannot be read');
  });

  it('rebuilds a disk from what was synced', () => {
    const disk = createDisk((file) => file === '/f/a');
    disk.apply({ call: 'write-at', file: '/f/a', offset: 0, bytes: Buffer.alloc(1024, 'a') });
    disk.apply({ call: 'sync', file: '/f/a' });
    disk.apply({ call: 'write-at', file: '/f/a', offset: 512, bytes: Buffer.alloc(1024, 'b') });
    disk.apply({ call: 'write-at', file: '/f/b', offset: 0, bytes: Buffer.from('not followed') });
    const spell = (image: Map<string, Buffer>): string[] =>
      [...image].map(([file, bytes]) => `${file}:${bytes.toString().replace(/(.)\1{511}/g, '$1')}`);
    expect(spell(disk.durableImage())).toEqual(['/f/a:aa']);
    expect(spell(disk.tornImage(() => true))).toEqual(['/f/a:abb']);
    let turn = 0;
    expect(spell(disk.tornImage(() => turn++ === 0))).toEqual(['/f/a:ab']);
    disk.apply({ call: 'truncate', file: '/f/a', size: 512 });
    disk.apply({ call: 'sync', file: '/f/a' });
    expect(spell(disk.durableImage())).toEqual(['/f/a:a']);
    disk.apply({ call: 'unlink', file: '/f/a' });
    expect(spell(disk.durableImage())).toEqual(['/f/a:a']);
    expect(spell(disk.tornImage(() => true))).toEqual([]);
    disk.apply({ call: 'sync', file: '/f' });
    expect(spell(disk.durableImage())).toEqual([]);
  });
});
