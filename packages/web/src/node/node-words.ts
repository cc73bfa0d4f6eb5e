// What a node tells of itself, in words. Pure.

import type { NodeView } from '@claimstead/wire/cloud-api/nodes';
import { formatWithUnit } from '../charts/units.ts';
import { plainText } from '../ui/plain-text.ts';
import { words } from '../words.ts';

type Info = NodeView['info'];

const joined = (...parts: string[]): string =>
  parts.filter((part) => part !== '' && part !== 'unknown' && part !== 'none').join(' ');

/** The operating system in a few words, as an agent tells it; null when it was not told. */
const systemWords = (info: Info): string | null => (info && plainText(joined(info.osName, info.osVersion))) || null;

/** Through which parent a node is seen; its name comes from a machine. */
export const viaWords = ({ hostname, hops }: NonNullable<NodeView['via']>): string =>
  plainText(words.node.via(hostname, hops));

/** One line below a node's name: through whom it is seen, and its system. */
export const summaryWords = ({ info, via }: Pick<NodeView, 'info' | 'via'>): string =>
  [via ? viaWords(via) : null, systemWords(info) ?? (via ? null : words.node.notTold)].filter(Boolean).join(' · ');

/** Name and value of what heads a node's page, as far as it was told; the rest is on its information page. */
export function factsOf(info: Info): [name: string, value: string][] {
  if (!info) return [];
  const facts: [string, string][] = [
    [words.node.os, joined(info.osName, info.osVersion)],
    [words.node.cpus, info.cpus > 0 ? String(info.cpus) : ''],
    [words.node.memory, info.memoryBytes ? formatWithUnit(info.memoryBytes, 'B') : ''],
    [words.node.version, info.agentVersion],
  ];
  return facts.filter(([, value]) => value !== '').map(([name, value]) => [name, plainText(value)]);
}

type Hosts = NonNullable<NodeView['contested']>['hosts'];

/** Machines that use one identity, the connected one first: who is in, who is refused. Names come from the machines. */
export function contestedWords(hosts: Hosts): string {
  const [connected = '', ...others] = hosts.map(({ hostname, address }) => plainText(`${hostname} (${address})`));
  return words.node.contestedSays(connected, others);
}
