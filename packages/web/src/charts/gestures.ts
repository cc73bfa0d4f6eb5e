// Pointer, wheel and keys on a chart → changes of the timeline.
// Drag moves (or selects, with Shift or the toolbar's choice), two fingers zoom, Shift/Ctrl + wheel zooms, a sideways wheel moves,
// a double click goes back to live. A plain wheel scrolls the page: charts must not catch somebody who passes by.

import type uPlot from 'uplot';
import type { TimelineStore } from './timeline-store.ts';
import { isLive, live, panned, paused, selected, zoomed } from './timeline.ts';

export type DragTool = 'pan' | 'select';

/** Less than this is a click with a trembling hand, in CSS pixels. */
const dragStartsPx = 4;

/** Attaches to the plotting area; returns what detaches. */
export function attachGestures(
  over: HTMLElement,
  chart: uPlot,
  timeline: TimelineStore,
  tool: () => DragTool,
): () => void {
  const pointers = new Map<number, { startX: number; x: number }>();
  let mode: 'none' | 'pan' | 'select' | 'pinch' = 'none';
  let pinchPx = 0;
  const ending = new AbortController();
  const listen = <Type extends keyof HTMLElementEventMap>(
    type: Type,
    listener: (event: HTMLElementEventMap[Type]) => void,
    passive = true,
  ): void => over.addEventListener(type, listener, { signal: ending.signal, passive });

  const secondsPerPx = (): number => timeline.get().spanSeconds / Math.max(1, over.clientWidth);
  const distance = (): number => {
    const [a, b] = [...pointers.values()];
    return a && b ? Math.max(10, Math.abs(a.x - b.x)) : 0;
  };

  listen('pointerdown', (event) => {
    if (event.button !== 0) return;
    over.setPointerCapture(event.pointerId);
    const x = event.clientX - over.getBoundingClientRect().left;
    pointers.set(event.pointerId, { startX: x, x });
    if (pointers.size === 2) {
      mode = 'pinch';
      pinchPx = distance();
    }
  });
  listen('pointermove', (event) => {
    const pointer = pointers.get(event.pointerId);
    if (!pointer) return;
    const x = event.clientX - over.getBoundingClientRect().left;
    const movedPx = x - pointer.x;
    if (mode === 'none' && Math.abs(x - pointer.startX) >= dragStartsPx) {
      mode = event.shiftKey || tool() === 'select' ? 'select' : 'pan';
      over.dataset.dragging = mode;
    }
    if (mode === 'none') return;
    pointer.x = x;
    if (mode === 'pan') timeline.change((view, edge) => panned(view, -movedPx * secondsPerPx(), edge));
    if (mode === 'select') {
      const left = Math.max(0, Math.min(pointer.startX, x));
      const width = Math.min(over.clientWidth, Math.max(pointer.startX, x)) - left;
      chart.setSelect({ left, width, top: 0, height: over.clientHeight }, false);
    }
    if (mode === 'pinch') {
      const now = distance();
      const factor = pinchPx / now;
      pinchPx = now;
      timeline.change((view, edge) => zoomed(view, factor, 0.5, edge));
    }
  });
  const finish = (event: PointerEvent): void => {
    const pointer = pointers.get(event.pointerId);
    if (!pointer) return;
    if (mode === 'select' && event.type === 'pointerup') {
      const { fromSeconds } = timeline.window();
      const [a, b] = [pointer.startX, pointer.x].sort((one, other) => one - other) as [number, number];
      const at = (x: number): number => fromSeconds + Math.min(over.clientWidth, Math.max(0, x)) * secondsPerPx();
      const range = { fromSeconds: at(a), toSeconds: at(b) };
      timeline.change((_, edge) => selected(range, edge));
    }
    chart.setSelect({ left: 0, width: 0, top: 0, height: 0 }, false);
    pointers.delete(event.pointerId);
    if (pointers.size === 0) {
      mode = 'none';
      delete over.dataset.dragging;
    }
  };
  listen('pointerup', finish);
  listen('pointercancel', finish);
  listen('dblclick', () => timeline.change(live));
  listen(
    'wheel',
    (event) => {
      const zooms = event.shiftKey || event.ctrlKey || event.metaKey;
      const sideways = !zooms && Math.abs(event.deltaX) > Math.abs(event.deltaY) * 1.5;
      if (!zooms && !sideways) return;
      event.preventDefault();
      if (sideways) return timeline.change((view, edge) => panned(view, event.deltaX * secondsPerPx(), edge));
      const amount = Math.max(-1, Math.min(1, (event.deltaY || event.deltaX) / 100));
      const anchor = (event.clientX - over.getBoundingClientRect().left) / Math.max(1, over.clientWidth);
      timeline.change((view, edge) => zoomed(view, 1.25 ** amount, anchor, edge));
    },
    false,
  );
  return () => ending.abort();
}

/** Keys while a chart has the focus; says whether it took the key. */
export function keyPressed(key: string, timeline: TimelineStore): boolean {
  const span = timeline.get().spanSeconds;
  switch (key) {
    case 'ArrowLeft':
      timeline.change((view, edge) => panned(view, -span / 8, edge));
      return true;
    case 'ArrowRight':
      timeline.change((view, edge) => panned(view, span / 8, edge));
      return true;
    case '+':
    case '=':
      timeline.change((view, edge) => zoomed(view, 0.5, 0.5, edge));
      return true;
    case '-':
      timeline.change((view, edge) => zoomed(view, 2, 0.5, edge));
      return true;
    case ' ':
      timeline.change((view, edge) => (isLive(view) ? paused(view, edge) : live(view)));
      return true;
    case 'Home':
    case 'Escape':
      timeline.change(live);
      return true;
    default:
      return false;
  }
}
