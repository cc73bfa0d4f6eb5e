import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { AlarmLogEntry, AlarmSnapshot, AlarmStatus } from '@claimstead/wire/gen/link/v1/alarm';
import { AlertView } from '@claimstead/wire/cloud-api/alerts';
import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { createAlertBook, maxAlerts, maxRaised } from './alert-book.ts';

const status = {
  removed: AlarmStatus.ALARM_STATUS_REMOVED,
  clear: AlarmStatus.ALARM_STATUS_CLEAR,
  warning: AlarmStatus.ALARM_STATUS_WARNING,
  critical: AlarmStatus.ALARM_STATUS_CRITICAL,
};
const entry = (name: string, is: keyof typeof status, more: Partial<AlarmLogEntry> = {}): AlarmLogEntry =>
  AlarmLogEntry.create({ name, chart: 'disk_space./', when: 100n, alertVersion: 5n, ...more, status: status[is] });
const snapshot = (alarms: AlarmLogEntry[], more: Partial<AlarmSnapshot> = {}): AlarmSnapshot =>
  AlarmSnapshot.create({ snapshotUuid: 'u', chunks: 1, chunk: 1, alarms, ...more });

describe('transitions', () => {
  it('raise, change, clear and remove an alert; only what is shown is a change', () => {
    const book = createAlertBook();
    expect(book.entryTold(entry('space', 'clear'))).toBe(false);
    expect(book.entryTold(entry('space', 'warning', { when: 101n, summary: 'Disk /', oldStatus: status.clear }))).toBe(
      true,
    );
    expect([...book.raised()]).toMatchObject([
      {
        name: 'space',
        chart: 'disk_space./',
        chartName: 'disk_space./',
        status: 'warning',
        previous: 'clear',
        summary: 'Disk /',
        since: '1970-01-01T00:01:41.000Z',
      },
    ]);
    expect(book.entryTold(entry('space', 'critical', { when: 102n }))).toBe(true);
    expect([book.warning, book.critical]).toEqual([0, 1]);
    expect(book.entryTold(entry('space', 'clear', { when: 103n }))).toBe(true);
    expect([...book.raised()]).toEqual([]);
    book.entryTold(entry('space', 'warning', { when: 104n }));
    expect(book.entryTold(entry('space', 'removed', { when: 105n }))).toBe(true);
    expect(book.version()).toBe(0n);
  });

  it('that are older than what is known, or superseded, say nothing', () => {
    const book = createAlertBook();
    book.entryTold(entry('space', 'critical', { when: 200n, eventId: 9n }));
    expect(book.entryTold(entry('space', 'clear', { when: 199n, eventId: 8n }))).toBe(false);
    expect(book.entryTold(entry('space', 'clear', { when: 200n, eventId: 8n }))).toBe(false);
    expect(book.entryTold(entry('space', 'clear', { when: 300n, updated: true }))).toBe(false);
    expect(book.critical).toBe(1);
    // Agents that number no events: of one second the later word counts.
    expect(book.entryTold(entry('space', 'clear', { when: 200n, eventId: 9n }))).toBe(true);
  });

  it('carry no value of a metric into memory', () => {
    const book = createAlertBook();
    book.entryTold(entry('space', 'critical', { value: 98.76, valueString: '98.76%', oldValue: 1.5 }));
    expect(JSON.stringify([...book.raised()])).not.toMatch(/98\.76|1\.5/);
  });

  it('of any kind and number hold no more than the bounds, and never throw', () => {
    const book = createAlertBook();
    for (let n = 0; n < maxAlerts + 10; n++) book.entryTold(entry(`n${n}`, 'critical', { alertVersion: 1n }));
    expect(book.critical).toBe(maxRaised);
    expect(book.version()).toBe(BigInt(maxAlerts));
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        let read: AlarmLogEntry;
        try {
          read = AlarmLogEntry.decode(bytes);
        } catch {
          return;
        }
        createAlertBook().entryTold(read);
        createAlertBook().snapshotTold(snapshot([read]));
      }),
    );
  });
});

describe('a snapshot', () => {
  it('replaces everything when its last chunk is there, and nothing before', () => {
    const book = createAlertBook();
    book.entryTold(entry('old', 'critical'));
    expect(book.snapshotTold(snapshot([entry('a', 'warning')], { chunks: 2, chunk: 1 }))).toBe(false);
    expect(book.critical).toBe(1);
    expect(book.snapshotTold(snapshot([entry('b', 'clear')], { chunks: 2, chunk: 2 }))).toBe(true);
    expect([...book.raised()].map(({ name }) => name)).toEqual(['a']);
    expect(book.version()).toBe(10n);
  });

  it('that was left unfinished is forgotten when the next begins', () => {
    const book = createAlertBook();
    book.snapshotTold(snapshot([entry('a', 'warning')], { chunks: 2, chunk: 1, snapshotUuid: 'first' }));
    expect(book.snapshotTold(snapshot([entry('c', 'critical')], { snapshotUuid: 'second' }))).toBe(true);
    expect([...book.raised()].map(({ name }) => name)).toEqual(['c']);
  });
});

describe('what was missed', () => {
  it('shows in a checksum that changed though nothing was told (v1.39 to v1.46)', () => {
    const book = createAlertBook();
    const [one, two] = [Buffer.alloc(32, 1), Buffer.alloc(32, 2)];
    expect(book.checksumTold(one)).toBe(false);
    expect(book.checksumTold(one)).toBe(false);
    expect(book.checksumTold(two)).toBe(true);
    book.entryTold(entry('space', 'critical'));
    expect(book.checksumTold(one)).toBe(false);
  });

  it('shows in a later sequence id (up to v1.38)', () => {
    const book = createAlertBook();
    book.entryTold(entry('space', 'critical', { sequenceId: 4n }));
    expect(book.missingFrom(4n)).toBeUndefined();
    expect(book.missingFrom(6n)).toBe(5n);
  });
});

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;
const heapBytes = (): number => {
  collectGarbage();
  return process.memoryUsage().heapUsed;
};

describe('a hostile agent', () => {
  it('tells of a time that no calendar of four digits has; whoever reads the list still can', () => {
    const book = createAlertBook();
    book.entryTold(entry('space', 'critical', { when: 300_000_000_000n }));
    const [alert] = book.raised();
    expect(AlertView.safeParse({ nodeId: '3f0c1a52-4c0f-4f5e-9e0c-000000000001', ...alert }).success).toBe(true);
  });

  it('fills no memory with long names and texts, of which only the beginning is shown', () => {
    const book = createAlertBook();
    const before = heapBytes();
    for (let n = 0; n < 100; n++) {
      const long = Buffer.alloc(4_000_000, 97 + (n % 20)).toString('utf8');
      book.entryTold(entry(`${n}`, 'critical', { chart: `${n}${long}` }));
      book.entryTold(entry(`i${n}`, 'critical', { renderedInfo: Buffer.from(long).toString('utf8') }));
    }
    expect(heapBytes() - before).toBeLessThan(20_000_000);
    expect(book.critical).toBe(100);
  });

  it('begins snapshots that it never ends', () => {
    const book = createAlertBook();
    const before = heapBytes();
    for (let chunk = 1; chunk <= 60; chunk++) {
      const alarms = Array.from({ length: 1000 }, (_, n) =>
        entry('space', 'clear', { renderedInfo: `${n}`.padStart(2000) }),
      );
      book.snapshotTold(snapshot(alarms, { chunk, chunks: 64 }));
    }
    expect(heapBytes() - before).toBeLessThan(20_000_000);
    book.snapshotTold(snapshot([], { chunk: 61, chunks: 64 }));
  });
});
