// All charts of one node: menu of sections, tools for time, cards. The Cloud's page and the agent's own page both show it.

import { useDeferredValue, useEffect, useId, useMemo, useRef, useState } from 'react';
import { Button } from '../ui/Button.tsx';
import { EmptyState, Skeleton } from '../ui/Notice.tsx';
import { Sheet } from '../ui/Sheet.tsx';
import type { Chart } from './agent-answers.ts';
import { ChartCard } from './ChartCard.tsx';
import { chartWords } from './chart-words.ts';
import type { DragTool } from './gestures.ts';
import { SectionMenu } from './SectionMenu.tsx';
import { anchorOf, chartsMatching, familiesStandApart, sectionsOf, type Section } from './sections.ts';
import type { ChartSource } from './source.ts';
import { TimeToolbar } from './TimeToolbar.tsx';
import type { TimelineStore } from './timeline-store.ts';
import { useCharts } from './use-charts.ts';
import 'uplot/dist/uPlot.min.css';
import styles from './ChartsBoard.module.css';

export interface ChartsBoardProps {
  source: ChartSource;
  timeline: TimelineStore;
  /** Whether something can answer; while not, nothing is asked and what was drawn stays. */
  isAnswering: boolean;
  /** Whether the node sends new values now; only said, not acted upon. */
  isStreaming: boolean;
  /** Id or name of a chart to bring into sight as soon as it is there; null = none. */
  wantedChart?: string | null;
}

export function ChartsBoard({ source, timeline, isAnswering, isStreaming, wantedChart = null }: ChartsBoardProps) {
  const { charts, failure, again } = useCharts(source, isAnswering);
  const [search, setSearch] = useState('');
  const [isMenuOpen, setIsMenuOpen] = useState(false);
  const deferredSearch = useDeferredValue(search);
  const [dragTool, setDragTool] = useState<DragTool>('pan');
  // Charts read the tool at each drag, so that a choice draws nothing anew.
  const dragToolNow = useRef<DragTool>('pan');
  const chooseDragTool = (tool: DragTool): void => {
    dragToolNow.current = tool;
    setDragTool(tool);
  };
  const syncKey = useId();
  const sections = useMemo(() => sectionsOf(chartsMatching(charts ?? [], deferredSearch)), [charts, deferredSearch]);
  const current = useCurrentSection(sections);
  useWantedChart(charts, wantedChart);

  if (!charts && failure) {
    return (
      <EmptyState title={chartWords.chartsFailed} action={<Button onClick={again}>{chartWords.again}</Button>}>
        {failure}
      </EmptyState>
    );
  }
  if (!charts) return <Skeleton rows={3} heightPx={280} label={chartWords.loading} />;
  if (charts.length === 0) return <EmptyState title={chartWords.noCharts}>{chartWords.noChartsHint}</EmptyState>;

  const menu = (
    <SectionMenu
      sections={sections}
      current={current}
      search={search}
      onSearch={setSearch}
      onChosen={() => setIsMenuOpen(false)}
    />
  );
  return (
    <div className={styles.board}>
      <aside className={styles.side}>{menu}</aside>
      <Sheet
        title={chartWords.sections}
        closeLabel={chartWords.close}
        isOpen={isMenuOpen}
        onClose={() => setIsMenuOpen(false)}
      >
        {menu}
      </Sheet>
      <div className={styles.main}>
        <TimeToolbar
          timeline={timeline}
          dragTool={dragTool}
          onDragTool={chooseDragTool}
          isStreaming={isStreaming}
          onOpenSections={() => setIsMenuOpen(true)}
        />
        {sections.length === 0 && <EmptyState title={chartWords.noMatch}>{chartWords.noMatchHint}</EmptyState>}
        {sections.map((section) => (
          <section
            key={section.type}
            id={anchorOf(section.type)}
            tabIndex={-1}
            className={styles.section}
            aria-labelledby={`${anchorOf(section.type)}-name`}
          >
            <h2 id={`${anchorOf(section.type)}-name`} className={styles.heading}>
              <span className="given">{section.label}</span>
              <span className={styles.count}>{chartWords.chartCount(section.chartCount)}</span>
            </h2>
            <div className={styles.families} data-apart={familiesStandApart(section)}>
              {section.families.map((family) => (
                <div key={family.name} id={anchorOf(section.type, family.name)} tabIndex={-1} className={styles.family}>
                  {section.families.length > 1 && <h3 className={`${styles.familyName} given`}>{family.name}</h3>}
                  {family.charts.map((chart) => (
                    <ChartCard
                      key={chart.id}
                      chart={chart}
                      source={source}
                      timeline={timeline}
                      syncKey={syncKey}
                      isAnswering={isAnswering}
                      dragTool={dragToolNow}
                    />
                  ))}
                </div>
              ))}
            </div>
          </section>
        ))}
        <p className={styles.keys}>{chartWords.keys}</p>
      </div>
    </div>
  );
}

/** Brings the chart into sight and gives it the focus, once; what somebody scrolls to later stays. */
function useWantedChart(charts: Chart[] | null, wanted: string | null): void {
  const shown = useRef<string | null>(null);
  useEffect(() => {
    if (wanted === null || shown.current === wanted) return;
    const chart = charts?.find(({ id }) => id === wanted) ?? charts?.find(({ name }) => name === wanted);
    const card = chart && document.querySelector<HTMLElement>(`[data-chart="${CSS.escape(chart.id)}"]`);
    if (!card) return;
    shown.current = wanted;
    card.scrollIntoView({ block: 'center' });
    card.focus({ preventScroll: true });
  }, [charts, wanted]);
}

/** Type of the section whose top was scrolled past last. */
function useCurrentSection(sections: Section[]): string | null {
  const [current, setCurrent] = useState<string | null>(null);
  useEffect(() => {
    let frame = 0;
    const look = (): void => {
      frame = 0;
      const line = window.innerHeight * 0.35;
      const passed = sections.filter(
        ({ type }) => (document.getElementById(anchorOf(type))?.getBoundingClientRect().top ?? Infinity) < line,
      );
      setCurrent((passed.at(-1) ?? sections[0])?.type ?? null);
    };
    const schedule = (): void => {
      if (frame === 0) frame = requestAnimationFrame(look);
    };
    schedule();
    window.addEventListener('scroll', schedule, { passive: true });
    return () => {
      window.removeEventListener('scroll', schedule);
      cancelAnimationFrame(frame);
    };
  }, [sections]);
  return current;
}
