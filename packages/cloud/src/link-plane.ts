// Links, relay and live events, put together: what agents and browsers reach besides the nouns.

import { metricsApiOf } from '@claimstead/wire/agent-api/generation';
import type { NodeView } from '@claimstead/wire/cloud-api/nodes';
import { roleMay } from '@claimstead/wire/cloud-api/roles';
import type { ClaimId, NodeId } from '@claimstead/wire/ids';
import { CloudError, errorRow } from '@claimstead/wire/errors';
import type { Sessions } from './account/session.ts';
import { alertRoutes } from './alert/alert-routes.ts';
import { createLiveAlerts } from './alert/live-alerts.ts';
import type { AuditStore } from './audit/audit.ts';
import type { Bus } from './bus/bus.ts';
import { challengeRoutes } from './challenge/challenge-routes.ts';
import { createChallenges } from './challenge/challenge.ts';
import { isHostname } from './claim/checked-claim.ts';
import type { Clock } from './clock.ts';
import { createLiveContexts } from './context/live-contexts.ts';
import type { Events } from './events.ts';
import { createContests, describeHost, type Contests } from './gateway/contests.ts';
import { createGateway } from './gateway/gateway.ts';
import { newChildrenLimit } from './gateway/link-nodes.ts';
import { createLiveLinks } from './gateway/live-links.ts';
import { authenticate } from './http/authenticate.ts';
import type { AuthorizeParts } from './http/authorize.ts';
import { refuseSocket } from './http/refuse-socket.ts';
import type { RouteEntry } from './http/routes.ts';
import { isOwnOrigin } from './http/same-origin.ts';
import type { UpgradeHandler } from './http/server.ts';
import type { AddressOf } from './limit/client-address.ts';
import { createRateLimit } from './limit/rate-limit.ts';
import { sourceNetwork } from './limit/source-network.ts';
import { createEventsUpgrade } from './live/events-upgrade.ts';
import { createFirstSamples } from './live/first-samples.ts';
import type { AnsweringAgent } from './live/rounds.ts';
import { createWatches } from './live/watches.ts';
import type { Log } from './log.ts';
import { keptDownOf } from './node/claimed-nodes.ts';
import { createGatheredChanges } from './node/gathered-changes.ts';
import { createPresence } from './node/live-presence.ts';
import type { NodeStore } from './node/node.ts';
import { toNodeView } from './node/node-routes.ts';
import type { NodeRoomStore } from './node/node-store.ts';
import { createNodeTold } from './node/node-told.ts';
import type { Presence } from './node/presence.ts';
import { createWholePresence } from './node/whole-presence.ts';
import { createRelay } from './relay/link-relay.ts';
import { relayRoutes } from './relay/relay-routes.ts';
import type { Relay } from './relay/relay.ts';
import type { SpaceStore } from './space/space.ts';

export interface LinkPlaneParts {
  clock: Clock;
  random: (bytes: number) => Buffer;
  newRequestId: () => string;
  nodes: NodeStore & NodeRoomStore;
  audit: AuditStore;
  spaces: SpaceStore;
  accessIn: AuthorizeParts['accessIn'];
  sessions: Sessions;
  bus: Bus;
  publicUrl: URL;
  ownOrigins: ReadonlySet<string>;
  addressOf: AddressOf;
  events: Events;
  /** An agent asks under a claim that nobody knows. */
  onUnknownClaim: (claimId: ClaimId, sourceNetwork: string) => void;
  /** Puts a meter at the relay. */
  measure: (relay: Relay) => Relay;
  log: Log;
}

export interface LinkPlane {
  presence: Presence;
  /**
   * A claim from that address was refused because the node is claimed already. Agents up to v1.47 point to this Cloud from then on, under the
   * claim that they had: who looks at the node must learn why the machine does not appear.
   */
  claimRefused(nodeId: NodeId, address: string): void;
  /** The claims whose agents stream the node right now, its own among them. */
  claimsTo(nodeId: NodeId): ClaimId[];
  /** Its own agent is connected, or an agent streams it right now. */
  isThere(nodeId: NodeId): boolean;
  relay: Relay;
  /** Several machines with one key. */
  contests: Pick<Contests, 'of' | 'settle'>;
  /** Whether an agent is connected under this claim right now. */
  isLinkUp(claimId: ClaimId): boolean;
  /** Asks it; a link on which nobody answers is ended. */
  isLinkAlive(claimId: ClaimId): Promise<boolean>;
  /** Agents that are connected right now. */
  linkCount(): number;
  /** Environment, challenge, password; relay. */
  routes: readonly RouteEntry[];
  /** By path: `/mqtt` and the events socket. */
  upgrades: Readonly<Record<string, UpgradeHandler>>;
  /** Tells agents and browsers that the Cloud restarts, and lets go of them. */
  stop(): Promise<void>;
}

/** Between two written host names of one node. */
const hostnameEveryMs = 60_000;

export function createLinkPlane(parts: LinkPlaneParts): LinkPlane {
  const { clock, random, nodes, spaces, sessions, bus, publicUrl, events, log } = parts;
  const links = createLiveLinks();
  const challenges = createChallenges({ clock, random });

  // What becomes of a node is written beside the work, never in its way; the end waits for it.
  const writing = new Set<Promise<unknown>>();
  const untilWritten = async <T>(one: Promise<T>): Promise<T> => {
    writing.add(one);
    try {
      return await one;
    } finally {
      writing.delete(one);
    }
  };
  const record = (nodeId: NodeId, write: () => Promise<void>): void => {
    const written = write()
      .then(() => bus.publish('node-changed', { nodeId }))
      .catch((error: unknown) => log.error('a change of a node could not be written', { nodeId, error }));
    void untilWritten(written);
  };

  /** Nodes whose first time live is written: an agent that flips its state must not write with each flip. */
  const seenLive = new Set<NodeId>();
  const hostnames = new Map<NodeId, { name: string; writtenAtMs: number }>();
  const paths = createPresence({
    clock,
    onChange(nodeId, becameLive) {
      bus.publish('node-changed', { nodeId });
      if (!becameLive) return;
      watches.wake(nodeId);
      wantFirstSample(nodeId);
      if (seenLive.has(nodeId)) return;
      seenLive.add(nodeId);
      const atMs = clock.nowMs();
      record(nodeId, () => nodes.recordLive(nodeId, atMs));
    },
  });
  const contests = createContests({
    clock,
    linkOf: (claimId) => links.of(claimId),
    onChange(node, contest) {
      const { nodeId, claimId, spaceId } = node;
      const atMs = clock.nowMs();
      const hosts = contest?.hosts.map(describeHost) ?? [];
      if (contest === null) events.identitySettled({ claimId, nodeId });
      else events.identityContested({ claimId, nodeId, hosts });
      const kind = contest === null ? 'identity-settled' : 'identity-contested';
      record(nodeId, () => parts.audit.add({ kind, atMs, spaceId, nodeId, claimId, details: { hosts } }));
    },
  });
  const changes = createGatheredChanges({ clock, onChange: (nodeId) => bus.publish('node-changed', { nodeId }) });
  const described = (nodeId: NodeId): void => bus.publish('node-described', { nodeId });
  const told = createNodeTold({ onChange: changes.changed, onInfo: described });
  const contexts = createLiveContexts();
  const alerts = createLiveAlerts({ nowMs: () => clock.nowMs(), onChange: changes.changed });
  const presence = createWholePresence({
    paths,
    told,
    contexts,
    alerts,
    contestOf: (claimId) => contests.of(claimId),
    agentOf(claimId) {
      const link = links.of(claimId);
      return link === undefined ? undefined : { nodeId: link.node.nodeId, hostname: link.host.hostname };
    },
  });
  const relay = parts.measure(createRelay({ links, pathsTo: (nodeId) => paths.pathsTo(nodeId) }));

  const sampled = new Set<NodeId>();
  /** Claimed, perhaps once more, and not live since: whoever ran the command waits for a sample. */
  const claimedNow = new Set<NodeId>();
  const isReachable = (nodeId: NodeId): boolean => paths.pathsTo(nodeId).length > 0;
  const isLive = (nodeId: NodeId): boolean => paths.pathsTo(nodeId)[0]?.live === true;
  const onSample = (nodeId: NodeId): void => {
    if (sampled.has(nodeId)) return;
    sampled.add(nodeId);
    firstSamples.drop(nodeId);
    const atMs = clock.nowMs();
    record(nodeId, () => nodes.recordFirstSample(nodeId, atMs));
  };
  const agentOf = (nodeId: NodeId): AnsweringAgent | undefined => {
    const claimId = paths.pathsTo(nodeId)[0]?.claimId;
    const agent = claimId === undefined ? undefined : links.of(claimId)?.node;
    if (claimId === undefined || agent === undefined) return undefined;
    return { claimId, metricsApi: metricsApiOf(told.of(agent.nodeId).capabilities) };
  };
  const watches = createWatches({ relay, clock, isLive, isReachable, agentOf, onSample });
  const firstSamples = createFirstSamples({ relay, clock, isLive, onSample });
  /** The link knows its own node as it is stored, not those that its agent streams. */
  const wantFirstSampleOfChild = async (nodeId: NodeId): Promise<void> => {
    const child = await nodes.byNodeId(nodeId);
    if (child?.firstSampleAtMs === null && !sampled.has(nodeId)) firstSamples.want(nodeId);
  };
  const wantFirstSample = (nodeId: NodeId): void => {
    const isClaimedNow = claimedNow.delete(nodeId);
    const [path] = paths.pathsTo(nodeId);
    if (path === undefined || sampled.has(nodeId)) return;
    const agent = links.of(path.claimId)?.node;
    if (isClaimedNow || (path.isOwn && agent?.firstSampleAtMs === null)) return firstSamples.want(nodeId);
    if (path.isOwn) return;
    const looked = wantFirstSampleOfChild(nodeId);
    void untilWritten(looked.catch((error: unknown) => log.error('a node could not be read', { nodeId, error })));
  };
  // A machine that is claimed anew has a first sample anew.
  const forget = ({ nodeId }: { nodeId: NodeId }): void => {
    sampled.delete(nodeId);
    firstSamples.drop(nodeId);
    seenLive.delete(nodeId);
    hostnames.delete(nodeId);
  };
  const forgetClaim = (claimId: ClaimId): void => {
    contexts.forgetClaim(claimId);
    alerts.forgetClaim(claimId);
  };
  const unsubscribe = [
    bus.subscribe('node-claimed', (claimed) => {
      forget(claimed);
      claimedNow.add(claimed.nodeId);
      if (claimed.retiredClaimId !== null) forgetClaim(claimed.retiredClaimId);
    }),
    bus.subscribe('node-removed', ({ nodeId, claimId }) => {
      forget({ nodeId });
      claimedNow.delete(nodeId);
      told.forgetNode(nodeId);
      contexts.forgetNode(nodeId);
      alerts.forgetNode(nodeId);
      if (claimId !== null) forgetClaim(claimId);
    }),
  ];

  const gateway = createGateway({
    clock,
    challenges,
    links,
    presence: paths,
    told,
    contexts,
    alerts,
    nodes,
    contests,
    addressOf: parts.addressOf,
    bus,
    newChildren: createRateLimit({ ...newChildrenLimit, now: () => clock.elapsedMs() }),
    onAdopted(nodeId) {
      bus.publish('node-changed', { nodeId });
      described(nodeId);
    },
    events: {
      linkOpened(link) {
        const { claimId, nodeId } = link.node;
        events.linkOpened({ claimId, nodeId, address: link.remoteAddress });
        // Taken over from a link that was not seen to end, the node does not become live: it was so all the time.
        if (isLive(nodeId) && claimedNow.delete(nodeId)) firstSamples.want(nodeId);
      },
      linkClosed(link, reason) {
        events.linkClosed({ claimId: link.node.claimId, nodeId: link.node.nodeId, reason: reason ?? 'goodbye' });
        const atMs = clock.nowMs();
        // Of a link that another one took over, the end is not that of the node.
        const down = links.isCurrent(link) ? keptDownOf(reason) : undefined;
        record(link.node.nodeId, () => nodes.recordLastLive(link.node.nodeId, atMs, down));
      },
      linkFailed: (error) => log.error('a message of an agent met a fault of ours', { error }),
      linkRefused: ({ remoteAddress, claimId }, reason) =>
        events.linkRefused({ address: remoteAddress, reason, ...(claimId === undefined ? {} : { claimId }) }),
    },
    async unclaim({ node: { nodeId, spaceId, claimId }, remoteAddress }) {
      const end = {
        because: 'unclaimed',
        atMs: clock.nowMs(),
        claimId,
        sourceNetwork: sourceNetwork(remoteAddress),
      } as const;
      const removed = await untilWritten(nodes.remove(nodeId, end));
      return () => {
        if (removed === undefined) return;
        bus.publish('node-removed', { nodeId, spaceId, claimId });
        events.nodeUnclaimed({ nodeId, spaceId, claimId });
      };
    },
    async letGo({ node: parent, remoteAddress }, nodeId) {
      // Somebody else may still answer for it.
      if (paths.pathsTo(nodeId).length > 0) return;
      const { claimId } = parent;
      const end = {
        because: 'let-go',
        atMs: clock.nowMs(),
        claimId,
        sourceNetwork: sourceNetwork(remoteAddress),
      } as const;
      const removed = await untilWritten(nodes.remove(nodeId, end));
      if (removed === undefined) return;
      bus.publish('node-removed', { nodeId, spaceId: removed.spaceId, claimId: null });
      events.nodeLetGo({ nodeId, spaceId: removed.spaceId, claimId });
    },
    onHostname({ nodeId, isOwn, hostname: stored }, hostname) {
      const known = hostnames.get(nodeId) ?? { name: stored, writtenAtMs: -hostnameEveryMs };
      // A machine is renamed once in a year; an agent that tells another name with every message must not keep the disk busy.
      if (!isHostname(hostname) || hostname === known.name || clock.elapsedMs() - known.writtenAtMs < hostnameEveryMs)
        return;
      hostnames.set(nodeId, { name: hostname, writtenAtMs: clock.elapsedMs() });
      const write = isOwn ? nodes.recordHostname : nodes.recordChildHostname;
      record(nodeId, () => write(nodeId, hostname).then(() => described(nodeId)));
    },
  });

  const liveEvents = createEventsUpgrade({
    watches,
    bus,
    clock,
    authenticate: (request) => authenticate(sessions, request.headers.cookie),
    isSignedIn: sessions.isOpen,
    isOwnOrigin: (request) => isOwnOrigin(request.headers, parts.ownOrigins),
    async nodesSeen({ accountId }) {
      const views: NodeView[] = [];
      for (const { spaceId } of await spaces.ofAccount(accountId)) {
        const access = await parts.accessIn(spaceId, accountId);
        if (access === undefined) continue;
        const rooms = await nodes.roomsInSpace(spaceId);
        for (const node of await nodes.inSpace(spaceId))
          if (access.sight.node(node.nodeId))
            views.push(toNodeView(node, presence.of(node), rooms.get(node.nodeId) ?? [], access.sight));
      }
      return views;
    },
    async nodeSeen({ accountId }, nodeId) {
      const node = await nodes.byNodeId(nodeId);
      const access = node && (await parts.accessIn(node.spaceId, accountId));
      if (node === undefined || !access?.sight.node(nodeId)) return undefined;
      return toNodeView(node, presence.of(node), await nodes.roomsOf(node), access.sight);
    },
    isIn: async ({ accountId }, spaceId) => (await parts.accessIn(spaceId, accountId)) !== undefined,
    async seesMembers({ accountId }, spaceId) {
      const access = await parts.accessIn(spaceId, accountId);
      return access !== undefined && roleMay(access.role, 'see-members');
    },
    refuse(socket, cause) {
      const kind = cause instanceof CloudError ? cause.kind : 'internal';
      if (kind === 'internal') log.error('the events socket failed', { error: cause });
      refuseSocket(socket, errorRow(kind).status, kind, parts.newRequestId());
    },
  });

  return {
    presence,
    claimRefused: (nodeId, address) =>
      paths.linkFailed(
        nodeId,
        `a claim of this machine from ${address} was refused, because the node is claimed already; remove it here, or stop the agent that is connected with the other key, and run the command again`,
      ),
    claimsTo: (nodeId) => paths.pathsTo(nodeId).map(({ claimId }) => claimId),
    isThere: (nodeId) => paths.pathsTo(nodeId).some(({ isOwn, live }) => isOwn || live),
    relay,
    contests,
    isLinkUp: (claimId) => links.of(claimId) !== undefined,
    linkCount: () => links.size,
    async isLinkAlive(claimId) {
      const link = links.of(claimId);
      if (link === undefined || (await link.answers())) return link !== undefined;
      link.end('unanswered');
      return false;
    },
    routes: [
      ...challengeRoutes({
        challenges,
        nodes,
        publicUrl,
        onRefused: (node, reason) => paths.linkFailed(node.nodeId, reason),
        admit: (node, address) => contests.admit(node, address),
        onUnknown: parts.onUnknownClaim,
      }),
      ...relayRoutes({ relay }),
      ...alertRoutes({
        alerts,
        nodes,
        pathsTo: (nodeId) => paths.pathsTo(nodeId),
        definition: (claimId, configHash) => gateway.definition(claimId, configHash),
      }),
    ],
    upgrades: {
      '/mqtt': (request, socket, head) => gateway.upgrade(request, socket, head),
      '/api/cloud/v1/events': (request, socket, head) => liveEvents.upgrade(request, socket, head),
    },
    async stop() {
      watches.close();
      firstSamples.close();
      changes.close();
      await gateway.stop();
      liveEvents.close();
      for (const end of unsubscribe) end();
      while (writing.size > 0) await Promise.allSettled(writing);
    },
  };
}
