import {
  ChevronLeft,
  ChevronRight,
  Menu,
  Move,
  Pause,
  Play,
  SquareDashedMousePointer,
  ZoomIn,
  ZoomOut,
} from 'lucide-react';
import { useSyncExternalStore } from 'react';
import { Button, IconButton } from '../ui/Button.tsx';
import { Segmented } from '../ui/Segmented.tsx';
import { useNow } from '../ui/use-now.ts';
import { momentText } from './axis.ts';
import { chartWords } from './chart-words.ts';
import type { DragTool } from './gestures.ts';
import type { TimelineStore } from './timeline-store.ts';
import { isLive, live, panned, paused, spanPresets, windowOf, withSpan, zoomed } from './timeline.ts';
import styles from './TimeToolbar.module.css';

export interface TimeToolbarProps {
  timeline: TimelineStore;
  dragTool: DragTool;
  onDragTool: (tool: DragTool) => void;
  /** Whether the node sends new values now. */
  isStreaming: boolean;
  /** Opens the menu of sections where it has no column of its own. */
  onOpenSections: () => void;
}

/** Pause, range, zoom and the tool for dragging; sticks to the top while the charts scroll. */
export function TimeToolbar({ timeline, dragTool, onDragTool, isStreaming, onOpenSections }: TimeToolbarProps) {
  const view = useSyncExternalStore(timeline.subscribe, timeline.get);
  const nowMs = useNow(60_000);
  const shown = windowOf(view, timeline.edgeSeconds());
  const isLiveNow = isLive(view);
  return (
    <div className={styles.bar} role="toolbar" aria-label={chartWords.timeTools}>
      <IconButton label={chartWords.openSections} className={styles.sections} onClick={onOpenSections}>
        <Menu size={18} aria-hidden />
      </IconButton>
      <Button
        size="s"
        className={isLiveNow ? styles.live : styles.paused}
        icon={isLiveNow ? <Pause size={14} aria-hidden /> : <Play size={14} aria-hidden />}
        onClick={() => timeline.change((now, edge) => (isLive(now) ? paused(now, edge) : live(now)))}
      >
        {isLiveNow ? chartWords.pause : chartWords.resume}
      </Button>
      <span className={styles.range} data-live={isLiveNow && isStreaming}>
        {isLiveNow ? (
          <>
            <span className={styles.dot} aria-hidden />
            {isStreaming ? chartWords.live : chartWords.notStreaming}
          </>
        ) : (
          `${momentText(shown.fromSeconds, nowMs)} – ${momentText(shown.toSeconds, nowMs)}`
        )}
      </span>
      <div className={styles.right}>
        <div className={styles.group}>
          <IconButton
            label={chartWords.earlier}
            onClick={() => timeline.change((now, edge) => panned(now, -now.spanSeconds / 2, edge))}
          >
            <ChevronLeft size={18} aria-hidden />
          </IconButton>
          <IconButton
            label={chartWords.later}
            disabled={isLiveNow}
            onClick={() => timeline.change((now, edge) => panned(now, now.spanSeconds / 2, edge))}
          >
            <ChevronRight size={18} aria-hidden />
          </IconButton>
          <IconButton
            label={chartWords.zoomIn}
            onClick={() => timeline.change((now, edge) => zoomed(now, 0.5, 0.5, edge))}
          >
            <ZoomIn size={17} aria-hidden />
          </IconButton>
          <IconButton
            label={chartWords.zoomOut}
            onClick={() => timeline.change((now, edge) => zoomed(now, 2, 0.5, edge))}
          >
            <ZoomOut size={17} aria-hidden />
          </IconButton>
        </div>
        <div className={`${styles.group} ${styles.tools}`} role="group" aria-label={chartWords.dragTool}>
          <IconButton label={chartWords.dragPans} isPressed={dragTool === 'pan'} onClick={() => onDragTool('pan')}>
            <Move size={16} aria-hidden />
          </IconButton>
          <IconButton
            label={chartWords.dragSelects}
            isPressed={dragTool === 'select'}
            onClick={() => onDragTool('select')}
          >
            <SquareDashedMousePointer size={16} aria-hidden />
          </IconButton>
        </div>
        <Segmented
          label={chartWords.timeRange}
          value={String(view.spanSeconds)}
          options={spanPresets.map(({ label, spanSeconds }) => ({ value: String(spanSeconds), label }))}
          onChange={(value) => timeline.change((now) => withSpan(now, Number(value)))}
        />
      </div>
    </div>
  );
}
