// Many live nodes from one agent that is a test's own: a parent which tells of children and answers questions about all of them at once.

import { randomUUID } from 'node:crypto';
import type { NodeInfo } from '@claimstead/wire/gen/link/v1/node_info';
import type { Cloud } from './cloud.ts';
import { eventually } from './programs.ts';
import { startRawAgent, type RawAgent, type RawAnswer } from './raw-agent.ts';

export interface ManyNodes {
  parent: RawAgent;
  /** Node ids of the children in the order of `hostnames`. */
  nodeIds: string[];
}

/** Capabilities of agents of v2: several nodes in one question, and functions. */
const capabilities = [
  { name: 'http_api_v2', version: 7, enabled: true },
  { name: 'funcs', version: 1, enabled: true },
];

const httpAnswer = (body: string): string =>
  `HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;

const rowSeconds = (query: URLSearchParams): number[] => {
  const now = Math.floor(Date.now() / 1000) - 1;
  const after = Number(query.get('after'));
  const from = after > 0 ? after + 1 : now + after;
  return Array.from({ length: Math.max(0, Math.min(60, now - from + 1)) }, (_, n) => now - n);
};

/** Percent of the CPUs of the node in place `n`, at a second. */
const busy = (n: number, second: number): number => 20 + 15 * Math.sin((second + n * 7) / 9) + (n % 11);

/** Answers `system.cpu` as an agent of v2 does; everything else by `answerOf`, or with an empty object. */
function answerCpu(
  guids: readonly string[],
  idOf: (guid: string) => string | undefined,
  answerOf: (path: string, query: URLSearchParams) => unknown,
): RawAnswer {
  const placeOf = new Map(guids.map((guid, n) => [idOf(guid) ?? guid, n]));
  return ({ target }, reply) => {
    const { pathname, searchParams: query } = new URL(target, 'http://agent');
    const seconds = rowSeconds(query);
    if (pathname.endsWith('/api/v1/data')) {
      const data = seconds.map((second) => [second, busy(pathname.length, second)]);
      return reply(httpAnswer(JSON.stringify({ labels: ['time', 'user'], data })));
    }
    if (pathname !== '/api/v3/data')
      return reply(httpAnswer(JSON.stringify(answerOf(pathname.replace(/^\/(host|node)\/[^/]+/, ''), query) ?? {})));
    for (const guid of guids) placeOf.set(idOf(guid) ?? guid, placeOf.get(idOf(guid) ?? guid) ?? guids.indexOf(guid));
    const asked = (query.get('scope_nodes') ?? '').split('|').flatMap((id) => {
      const n = placeOf.get(id);
      return n === undefined ? [] : [{ id, n, guid: guids[n] ?? '' }];
    });
    const answer = {
      summary: { nodes: asked.map(({ id, guid }) => ({ mg: guid, nd: id })) },
      result: {
        labels: ['time', ...asked.map(({ guid }) => `user,${guid}`)],
        point: { value: 0 },
        data: seconds.map((second) => [second, ...asked.map(({ n }) => [busy(n, second)])]),
      },
    };
    return reply(httpAnswer(JSON.stringify(answer)));
  };
}

/** `infoOf`: what is told of the child in that place beside its name. Resolves when the Cloud shows every child as live. */
export async function startManyNodes(
  cloud: Cloud,
  hostnames: readonly string[],
  options: {
    parentName?: string;
    infoOf?: (n: number) => Partial<NodeInfo>;
    claimedName?: string;
    /** To relayed requests for anything but samples; the path is without the node. */
    answerOf?: (path: string, query: URLSearchParams) => unknown;
  } = {},
): Promise<ManyNodes> {
  const guids = hostnames.map(() => randomUUID() as string);
  const ids = new Map<string, string>();
  const parent = await startRawAgent(cloud, {
    hostname: options.claimedName ?? 'parent',
    answer: answerCpu(guids, (guid) => ids.get(guid), options.answerOf ?? (() => undefined)),
  });
  const { claimId, session } = parent;
  const tell = (machineGuid: string, data: Partial<NodeInfo>, child: boolean): void =>
    session.publish('node-instance-info', 'UpdateNodeInfo', {
      claimId,
      machineGuid,
      child,
      data: { ...plainInfo, ...data } as never,
      nodeInstanceInfo: { capabilities, mlInfo: undefined } as never,
    });
  session.publish('agent-connection', 'UpdateAgentConnection', {
    claimId,
    reachable: true,
    sessionId: BigInt(Date.now()) * 1000n,
    updateSource: 1,
    capabilities,
  });
  tell(parent.machineGuid, { name: options.parentName ?? options.claimedName ?? 'parent' }, false);
  hostnames.forEach((name, n) => tell(guids[n] ?? '', { name, ...options.infoOf?.(n) }, true));
  const known = await eventually(async () => {
    const nodes = await cloud.nodes();
    for (const { machineGuid, nodeId } of nodes) ids.set(machineGuid, nodeId);
    return guids.every((guid) => ids.has(guid)) ? nodes : undefined;
  });
  for (const guid of guids)
    session.publish('node-instance-connection', 'UpdateNodeInstanceConnection', {
      claimId,
      nodeId: ids.get(guid) ?? '',
      liveness: true,
      queryable: true,
      sessionId: 1n,
      hops: 1,
      capabilities,
    });
  const all = known.length;
  await eventually(async () =>
    (await cloud.nodes()).filter(({ state }) => state === 'live').length >= all ? true : undefined,
  );
  return { parent, nodeIds: guids.map((guid) => ids.get(guid) ?? '') };
}

const plainInfo = {
  os: 'linux',
  osName: 'Debian GNU/Linux',
  osVersion: '12 (bookworm)',
  kernelName: 'Linux',
  kernelVersion: '6.1.0',
  architecture: 'x86_64',
  cpus: 4,
  cpuFrequency: '2400000000',
  memory: '8589934592',
  diskSpace: '107374182400',
  version: 'v2.9.0',
  releaseChannel: 'stable',
  timezone: 'UTC',
  virtualizationType: 'kvm',
  containerType: 'none',
  customInfo: '',
  machineGuid: '',
  hostLabels: {},
};
