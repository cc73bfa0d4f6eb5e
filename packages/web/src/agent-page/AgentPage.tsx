import { useEffect, useState } from 'react';
import { AgentInfo } from '../charts/agent-answers.ts';
import { ChartsBoard } from '../charts/ChartsBoard.tsx';
import { createTimelineStore } from '../charts/timeline-store.ts';
import { formatWithUnit } from '../charts/units.ts';
import { Logo } from '../ui/Logo.tsx';
import { Notice } from '../ui/Notice.tsx';
import { Segmented } from '../ui/Segmented.tsx';
import { chooseTheme, useThemeChoice, type ThemeChoice } from '../ui/theme.ts';
import { agentSource, askInfo } from './agent-source.ts';
import { agentWords } from './agent-words.ts';
import styles from './AgentPage.module.css';

/** The state of the link may change while the page is open. */
const infoEveryMs = 5_000;
const firstSpanSeconds = 300;
const themes: readonly { value: ThemeChoice; label: string }[] = [
  { value: 'system', label: agentWords.system },
  { value: 'light', label: agentWords.light },
  { value: 'dark', label: agentWords.dark },
];

/** The agent's own page: the charts of the node it runs on, live, without signing in. */
export function AgentPage() {
  const { info, isUnreachable } = useInfo();
  const [timeline] = useState(() => createTimelineStore(firstSpanSeconds, Math.floor(Date.now() / 1000)));
  const choice = useThemeChoice();
  const hostname = info?.mirrored_hosts?.[0] ?? window.location.hostname;
  useEffect(() => {
    document.title = `${hostname} · ${agentWords.product}`;
  }, [hostname]);
  return (
    <>
      <a className="skip" href="#charts">
        {agentWords.skip}
      </a>
      <header className={styles.top}>
        <Logo />
        <Segmented label={agentWords.theme} value={choice} options={themes} onChange={chooseTheme} />
      </header>
      <main id="charts" tabIndex={-1} className={styles.page}>
        <div className={styles.head}>
          <h1 className="given">{hostname}</h1>
          {info && <CloudState info={info} />}
          <ul className={styles.facts}>
            {info &&
              factsOf(info).map((fact) => (
                <li key={fact} className="given">
                  {fact}
                </li>
              ))}
          </ul>
        </div>
        {isUnreachable && (
          <div className={styles.notice}>
            <Notice tone="offline" title={agentWords.unreachable}>
              <p>{agentWords.unreachableHint}</p>
            </Notice>
          </div>
        )}
        <ChartsBoard
          source={agentSource}
          timeline={timeline}
          isAnswering={!isUnreachable}
          isStreaming={!isUnreachable}
        />
      </main>
    </>
  );
}

function CloudState({ info }: { info: AgentInfo }) {
  const isConnected = info['aclk-available'] === true;
  const words = isConnected ? agentWords.connected : info['agent-claimed'] ? agentWords.claimed : agentWords.unclaimed;
  return (
    <span className={styles.cloud} data-connected={isConnected}>
      {words}
    </span>
  );
}

/** What is known of the machine; empty texts and what an older agent does not tell are left out. */
function factsOf(info: AgentInfo): string[] {
  const bytes = Number(info.ram_total);
  const facts = [
    [info.os_name, info.os_version].filter(Boolean).join(' '),
    [info.kernel_name, info.kernel_version].filter(Boolean).join(' '),
    info.architecture,
    info.cores_total && agentWords.cpus(info.cores_total),
    bytes > 0 && agentWords.memory(formatWithUnit(bytes, 'B')),
    info.version,
  ];
  return facts.filter((fact): fact is string => typeof fact === 'string' && fact !== '');
}

function useInfo(): { info: AgentInfo | null; isUnreachable: boolean } {
  const [info, setInfo] = useState<AgentInfo | null>(null);
  const [isUnreachable, setIsUnreachable] = useState(false);
  useEffect(() => {
    const controller = new AbortController();
    const look = async (): Promise<void> => {
      try {
        setInfo(AgentInfo.parse(await askInfo(controller.signal)));
        setIsUnreachable(false);
      } catch {
        if (!controller.signal.aborted) setIsUnreachable(true);
      }
    };
    void look();
    const timer = setInterval(() => void look(), infoEveryMs);
    return () => {
      controller.abort();
      clearInterval(timer);
    };
  }, []);
  return { info, isUnreachable };
}
