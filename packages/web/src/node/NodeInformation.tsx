import type { NodeFacts } from '@claimstead/wire/cloud-api/nodes';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { wordsOf } from '../api/error-words.ts';
import { factsQuery } from '../api/queries.ts';
import { paths } from '../paths.ts';
import { Button } from '../ui/Button.tsx';
import { Notice, Skeleton } from '../ui/Notice.tsx';
import { plainText } from '../ui/plain-text.ts';
import { words } from '../words.ts';
import { HostName } from './HostName.tsx';
import { informationWords } from './information-words.ts';
import { collectorsByPlugin, informationOf, labelsInOrder } from './information.ts';
import { useSharedNode } from './node-context.ts';
import styles from './NodeInformation.module.css';

/** Everything that is known of the node. Texts come from agents. */
export function NodeInformation() {
  const { node } = useSharedNode();
  const facts = useQuery({ ...factsQuery(node.nodeId), refetchOnMount: 'always' });
  return (
    <>
      {facts.isError && !facts.data && (
        <div className={styles.notice}>
          <Notice
            tone="stale"
            title={informationWords.factsFailed}
            action={
              <Button size="s" onClick={() => void facts.refetch()}>
                {words.shared.again}
              </Button>
            }
          >
            <p>{wordsOf(facts.error)}</p>
          </Notice>
        </div>
      )}
      <div className={styles.sections}>
        {informationOf(node, facts.data ?? null).map(({ title, rows }) => (
          <Section key={title} title={title}>
            <dl className={styles.rows}>
              {rows.map(([name, value]) => (
                <div key={name}>
                  <dt>{name}</dt>
                  <dd className="given">{value}</dd>
                </div>
              ))}
            </dl>
          </Section>
        ))}
        {facts.data && <Told facts={facts.data} ownNodeId={node.nodeId} />}
      </div>
      {facts.isPending && <Skeleton rows={3} heightPx={60} label={words.shared.loading} />}
    </>
  );
}

function Section({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section className={styles.section} aria-label={title} data-section={title}>
      <h2>{title}</h2>
      {children}
    </section>
  );
}

function Told({ facts, ownNodeId }: { facts: NodeFacts; ownNodeId: string }) {
  const says = informationWords;
  const collectors = collectorsByPlugin(facts.collectors);
  return (
    <>
      <Section title={says.paths}>
        {facts.paths.length === 0 && <p className={styles.none}>{says.pathsNone}</p>}
        <ol className={styles.paths}>
          {facts.paths.map((path, at) => (
            <li key={path.nodeId} data-hops={path.hops} data-queryable={path.queryable}>
              <span className={styles.pathName}>
                {path.nodeId === ownNodeId ? (
                  says.ownAgent
                ) : (
                  <Link {...paths.node(path.nodeId)}>
                    <HostName name={path.hostname} />
                  </Link>
                )}
                {at === 0 && path.queryable && <span className={styles.chip}>{says.best}</span>}
              </span>
              <span className={styles.none}>
                {[
                  says.hops(path.hops),
                  path.live ? says.pathLive : says.pathNotLive,
                  path.queryable ? says.queryable : says.notQueryable,
                ].join(' · ')}
              </span>
            </li>
          ))}
        </ol>
      </Section>
      <Section title={says.labels}>
        {Object.keys(facts.labels).length === 0 && <p className={styles.none}>{says.labelsNone}</p>}
        <dl className={`${styles.rows} ${styles.code}`}>
          {labelsInOrder(facts.labels).map(([name, value]) => (
            <div key={name}>
              <dt className="given">{plainText(name)}</dt>
              <dd className="given">{plainText(value)}</dd>
            </div>
          ))}
        </dl>
      </Section>
      <Section title={says.collectors}>
        {collectors.length === 0 && <p className={styles.none}>{says.collectorsNone}</p>}
        <dl className={`${styles.rows} ${styles.code}`}>
          {collectors.map(([plugin, modules]) => (
            <div key={plugin}>
              <dt className="given">{plainText(plugin)}</dt>
              <dd className="given">{plainText(modules.join(', '))}</dd>
            </div>
          ))}
        </dl>
      </Section>
      <Section title={says.capabilities}>
        {facts.capabilities.length === 0 && <p className={styles.none}>{says.capabilitiesNone}</p>}
        <ul className={styles.chips}>
          {facts.capabilities.map(({ name, version, enabled }) => (
            <li key={name} className={`${styles.capability} given`} data-enabled={enabled}>
              {plainText(name)} <b>{enabled ? says.capabilityVersion(version) : says.disabled}</b>
            </li>
          ))}
        </ul>
      </Section>
    </>
  );
}
