import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { LiveConnection, WatchHandler } from './live-connection.ts';
import { createBusyStore } from './live-samples.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** A store on a connection that keeps what is watched. */
function storeOn() {
  const open = new Map<number, { nodeIds: readonly string[]; handler: WatchHandler }>();
  let made = 0;
  const watch: LiveConnection['watch'] = ({ nodeIds }, handler) => {
    const n = made++;
    open.set(n, { nodeIds: nodeIds === 'all' ? [] : nodeIds, handler });
    return () => open.delete(n);
  };
  const frames: (() => void)[] = [];
  const store = createBusyStore({ watch }, (draw) => frames.push(draw));
  const rest = () => vi.advanceTimersByTime(1000);
  const watched = () => [...open.values()].flatMap(({ nodeIds }) => nodeIds).sort();
  return { store, open, frames, rest, watched };
}
const nothing = (): void => undefined;

it('watches the nodes that somebody looks at, together, and no others', () => {
  const { store, open, rest, watched } = storeOn();
  const end = store.subscribe('a', nothing);
  store.subscribe('b', nothing);
  rest();
  expect([open.size, watched()]).toEqual([1, ['a', 'b']]);
  store.subscribe('c', nothing);
  rest();
  expect([open.size, watched()]).toEqual([2, ['a', 'b', 'c']]);
  end();
  rest();
  expect(watched()).toContain('b');
});

it('scrolling through a thousand nodes leaves few watches open, which name those in sight', () => {
  const { store, open, rest, watched } = storeOn();
  const ends: (() => void)[] = [];
  for (let n = 0; n < 1000; n++) {
    ends.push(store.subscribe(`n${n}`, nothing));
    if (n >= 20) ends[n - 20]?.();
    if (n % 3 === 0) rest();
  }
  rest();
  expect(open.size).toBeLessThanOrEqual(13);
  for (let n = 980; n < 1000; n++) expect(watched()).toContain(`n${n}`);
  expect(watched().length).toBeLessThan(100);
  for (const end of ends) end();
  rest();
  expect(open.size).toBe(0);
});

it('names no more nodes in a watch than one may', () => {
  const { store, open, rest } = storeOn();
  for (let n = 0; n < 450; n++) store.subscribe(`n${n}`, nothing);
  rest();
  expect([...open.values()].map(({ nodeIds }) => nodeIds.length)).toEqual([200, 200, 50]);
});

it('draws what came in one frame once', () => {
  const { store, open, frames, rest } = storeOn();
  const drawn: string[] = [];
  for (const id of ['a', 'b']) store.subscribe(id, () => drawn.push(id));
  rest();
  const handler = open.get(0)?.handler;
  for (const [nodeId, second] of [
    ['a', 1],
    ['a', 2],
    ['b', 1],
  ] as const)
    handler?.onSamples({
      type: 'samples',
      watchId: 'w',
      nodeId,
      chart: 'system.cpu',
      dimensions: ['user'],
      rows: [[second, 5]],
    });
  expect([frames.length, drawn]).toEqual([1, []]);
  frames[0]?.();
  expect(drawn).toEqual(['a', 'b']);
  expect(store.of('a')?.values).toEqual([5, 5]);
});
