import type { NodeView } from '@claimstead/wire/cloud-api/nodes';
import { Link, useLocation } from '@tanstack/react-router';
import { useEffect, useRef } from 'react';
import { AlertCountBadges } from '../alert/AlertCounts.tsx';
import { paths } from '../paths.ts';
import { plainText } from '../ui/plain-text.ts';
import { words } from '../words.ts';
import styles from './NodeTabs.module.css';

/** The pages of one node, as links: each has an address of its own. */
export function NodeTabs({ node }: { node: NodeView }) {
  const { nodeId } = node;
  const { tabs } = words.node;
  const strip = useRef<HTMLElement>(null);
  const { pathname } = useLocation();
  // On a narrow screen the strip scrolls, and the current page must be in sight.
  useEffect(() => {
    const links = [...(strip.current?.querySelectorAll('a') ?? [])];
    const current = links.findLast((link) => pathname.startsWith(link.pathname));
    if (strip.current && current) strip.current.scrollLeft = current.offsetLeft - strip.current.offsetLeft - 40;
  }, [pathname]);
  return (
    <nav ref={strip} className={styles.tabs} aria-label={words.node.tabsOf(plainText(node.hostname))}>
      <Link
        {...paths.node(nodeId)}
        className={styles.tab}
        activeOptions={{ exact: true, includeSearch: false }}
        data-tab="charts"
      >
        {tabs.charts}
      </Link>
      <Link
        {...paths.nodeAlerts(nodeId)}
        className={styles.tab}
        activeOptions={{ includeSearch: false }}
        data-tab="alerts"
      >
        {tabs.alerts}
        <AlertCountBadges counts={node.alerts} />
      </Link>
      {node.hasFunctions && (
        <Link {...paths.nodeFunctions(nodeId)} className={styles.tab} data-tab="functions">
          {tabs.functions}
        </Link>
      )}
      <Link {...paths.nodeInformation(nodeId)} className={styles.tab} data-tab="information">
        {tabs.information}
      </Link>
    </nav>
  );
}
