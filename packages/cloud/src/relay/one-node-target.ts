// What somebody who does not see every node may ask of one: a parent answers for all that it holds wherever a question does not name them, and
// agents read the prefix that names a child on `/api/v1` alone. [trust T13]

import { CloudError } from '@claimstead/wire/errors';
import type { MachineGuid, NodeId } from '@claimstead/wire/ids';
import { relayTarget } from './relay-target.ts';

/** These of `/api/v2` and `/api/v3` look only at the nodes that `scope_nodes` names. */
const scopedNames = ['data', 'nodes', 'contexts', 'weights', 'q', 'node_instances', 'versions', 'functions', 'alerts'];
const scoped = new Set([
  ...[...scopedNames, 'alert_transitions'].flatMap((name) => [`/api/v2/${name}`, `/api/v3/${name}`]),
  '/api/v3/stream_path',
]);

/** These look at all hosts of the agent, whichever is named. */
const wholeAgent = new Set(['weights', 'metric_correlations', 'aclk'].map((name) => `/api/v1/${name}`));

/**
 * The target to send for a question about this node and no other: the scope is the Cloud's, whatever was asked for. Throws what `relayTarget`
 * throws; what an agent cannot limit to one node does not exist.
 */
export function oneNodeTarget(
  target: string,
  { nodeId, machineGuid }: { nodeId: NodeId; machineGuid: MachineGuid },
): string {
  const checked = relayTarget(target);
  const mark = checked.indexOf('?');
  const [path, query] = mark < 0 ? [checked, ''] : [checked.slice(0, mark), checked.slice(mark + 1)];
  if (path === '/api/v1/allmetrics' && /all_hosts/i.test(decoded(query))) throw new CloudError('relay-query-refused');
  if (path.startsWith('/api/v1/') && !wholeAgent.has(path)) return checked;
  if (!scoped.has(path)) throw new CloudError('relay-path-refused');
  const rest = query.split('&').filter((pair) => pair !== '' && !isScope(pair));
  const words = rest.map(decoded).join('&');
  // Agents skip a `=` that stands first, so a name may hide where we read a value. A change of an alert is found by its id on every node.
  if (words.includes('scope_nodes') || /(?:^|[&=\s])transition\s*=/.test(words))
    throw new CloudError('relay-query-refused');
  // Ours comes first: what is behind bytes that an agent cannot read is lost to it. By both names, for an agent that does not know its node id yet.
  return relayTarget(`${path}?${[`scope_nodes=${nodeId}%7C${machineGuid}`, ...rest].join('&')}`);
}

const isScope = (pair: string): boolean => decoded(pair).startsWith('scope_nodes=') || decoded(pair) === 'scope_nodes';

/** As an agent reads it. Throws where agents and we would not read the same. */
function decoded(text: string): string {
  // They decode the whole query before they split it, and read any two characters behind a `%` as digits.
  if (/%(?:26|3d|(?![0-9a-f]{2}))/i.test(text)) throw new CloudError('relay-query-refused');
  try {
    return decodeURIComponent(text);
  } catch (cause) {
    throw new CloudError('relay-query-refused', { cause });
  }
}
