import type { NodeView } from '@claimstead/wire/cloud-api/nodes';
import { words } from '../words.ts';
import styles from './NodeStateBadge.module.css';
import { contestedWords } from './node-words.ts';

/** Stands beside the state of a node whose identity several machines use; nothing where one alone does. */
export function ContestedBadge({ contested }: Pick<NodeView, 'contested'>) {
  if (contested === null) return null;
  return (
    <span className={styles.badge} data-state="contested" title={contestedWords(contested.hosts)}>
      <svg width="10" height="10" viewBox="0 0 10 10" aria-hidden className={styles.sign}>
        <path d="M5 0.8L9.6 9H0.4z" fill="none" stroke="currentColor" strokeWidth="1.5" strokeLinejoin="round" />
        <path d="M5 4v2.2M5 7.3v.6" stroke="currentColor" strokeWidth="1.3" strokeLinecap="round" />
      </svg>
      {words.node.contested}
    </span>
  );
}
