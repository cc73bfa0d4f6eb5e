// What the mock Cloud knows, as values of the wire's own types: a Space, its rooms, and nodes of every kind there is.

import type { NodeView } from '@claimstead/wire/cloud-api/nodes';
import type { RoomView, SpaceView } from '@claimstead/wire/cloud-api/spaces';

/** `fresh`: first start, nothing is named or claimed. `busy`: many nodes. `quiet`: a Space without nodes. */
export type Scene = 'fresh' | 'busy' | 'quiet';

export interface World {
  email: string;
  password: string;
  passwordIsInitial: boolean;
  signedIn: Set<string>;
  space: Omit<SpaceView, 'nodeCount'>;
  rooms: Omit<RoomView, 'nodeCount'>[];
  nodes: Map<string, NodeView>;
  /** Told of each change. */
  listeners: Set<(change: { node: NodeView } | { removed: NodeView }) => void>;
}

const uuid = (n: number): string => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;
const ago = (seconds: number): string => new Date(Date.now() - seconds * 1000).toISOString();

const systems = [
  ['Debian GNU/Linux', '12 (bookworm)', '6.1.0-26-amd64'],
  ['Ubuntu', '24.04.1 LTS', '6.8.0-45-generic'],
  ['Alpine Linux', '3.20.3', '6.6.52-0-lts'],
  ['Rocky Linux', '9.4', '5.14.0-427.el9'],
] as const;

export function makeNode(world: World, n: number, change: Partial<NodeView> = {}): NodeView {
  const [osName, osVersion, kernelVersion] = systems[n % systems.length] ?? systems[0];
  const all = world.rooms[0];
  return {
    nodeId: uuid(100 + n),
    spaceId: world.space.id,
    claimId: uuid(500 + n),
    machineGuid: uuid(900 + n),
    hostname: `node-${n}`,
    state: 'live',
    since: ago(3600 * (n + 1) * 1.7),
    claimedAt: ago(86_400 * (n + 2)),
    via: null,
    alerts: { critical: n % 5 === 0 ? 1 : 0, warning: n % 3 === 0 ? 2 + n : 0, changedAt: ago(90) },
    metricsApi: n % 3 === 0 ? 'v3' : n % 3 === 1 ? 'v2' : 'v1',
    hasFunctions: n % 3 !== 1,
    claimToLiveMs: 212 + n * 37,
    claimToFirstSampleMs: 480 + n * 41,
    lastLinkError: null,
    contested: null,
    admission: null,
    rooms: all ? [{ id: all.id, name: all.name }] : [],
    info: {
      agentVersion: n % 3 === 0 ? 'v2.9.0' : n % 3 === 1 ? 'claimstead 0.1.0' : 'v1.44.3',
      osName,
      osVersion,
      kernelName: 'Linux',
      kernelVersion,
      architecture: n % 4 === 2 ? 'aarch64' : 'x86_64',
      cpus: 4 << (n % 4),
      memoryBytes: (8 << (n % 4)) * 1024 ** 3,
      diskBytes: 1e12,
      virtualization: n % 2 ? 'kvm' : 'none',
      container: 'none',
    },
    ...change,
  };
}

export function makeWorld(scene: Scene): World {
  const isFresh = scene === 'fresh';
  const world: World = {
    email: 'admin@localhost',
    password: 'mock-password-only',
    passwordIsInitial: isFresh,
    signedIn: new Set(),
    space: {
      id: uuid(1),
      name: isFresh ? 'admin’s Space' : 'Alder & Sons',
      namedAt: isFresh ? null : ago(86_400),
      role: 'admin',
    },
    rooms: [{ id: uuid(10), slug: 'all-nodes', name: 'All nodes', holdsAllNodes: true }],
    nodes: new Map(),
    listeners: new Set(),
  };
  if (isFresh) return world;
  world.rooms.push(
    { id: uuid(11), slug: 'web', name: 'Web servers', holdsAllNodes: false },
    { id: uuid(12), slug: 'databases', name: 'Databases', holdsAllNodes: false },
    { id: uuid(13), slug: 'workshop', name: 'Workshop Bremen', holdsAllNodes: false },
    { id: uuid(14), slug: 'empty', name: 'New room', holdsAllNodes: false },
  );
  if (scene === 'quiet') return world;
  const room = (n: number): { id: string; name: string } => ({
    id: world.rooms[n]?.id ?? '',
    name: world.rooms[n]?.name ?? '',
  });
  const list: NodeView[] = [
    makeNode(world, 0, { hostname: 'web-1.alder.example', rooms: [room(0), room(1)] }),
    makeNode(world, 1, { hostname: 'web-2.alder.example', rooms: [room(0), room(1)] }),
    makeNode(world, 2, { hostname: 'web-10.alder.example', rooms: [room(0), room(1)] }),
    makeNode(world, 3, { hostname: 'db-primary', rooms: [room(0), room(2)] }),
    makeNode(world, 4, {
      hostname: 'db-replica',
      rooms: [room(0), room(2)],
      state: 'stale',
      since: ago(415),
      lastLinkError: 'The parent that streamed this node was restarted.',
    }),
    makeNode(world, 5, {
      hostname: 'mill-controller',
      rooms: [room(0), room(3)],
      state: 'offline',
      alerts: null,
      since: ago(7560),
      lastLinkError: 'No answer to a ping for 60 s; the link was closed.',
    }),
    makeNode(world, 6, {
      hostname: 'kiln-sensor-gateway',
      rooms: [room(0), room(3)],
      state: 'unseen',
      alerts: null,
      since: ago(95),
      info: null,
      claimToLiveMs: null,
      claimToFirstSampleMs: null,
    }),
    makeNode(world, 7, {
      hostname: 'backup',
      contested: {
        sinceMs: Date.now() - 260_000,
        hosts: [
          { hostname: 'backup', address: '192.0.2.17' },
          { hostname: 'backup-restored-from-image', address: '2001:db8:12::8a' },
        ],
      },
    }),
    makeNode(world, 8, { hostname: '<img src=x onerror=alert(1)>' }),
    makeNode(world, 9, { hostname: `very-long-${'host-name-that-does-not-end-'.repeat(5)}x` }),
    makeNode(world, 10, {
      hostname: '\u202egnp.exe \u05e9\u05e8\u05ea-\u05d9\u05e8\u05d5\u05e9\u05dc\u05d9\u05dd',
      rooms: [room(0), room(1), room(2), room(3)],
    }),
    makeNode(world, 11, {
      hostname: '🦊🦊 räucherkammer 日本語',
      state: 'offline',
      alerts: null,
      since: ago(86_400 * 3),
      lastLinkError: null,
    }),
    ...[12, 13].map((n) =>
      makeNode(world, n, {
        hostname: n === 12 ? 'greenhouse-sensors' : 'press-controller',
        claimId: null,
        claimToLiveMs: null,
        claimToFirstSampleMs: null,
        rooms: [room(0), room(3)],
        via: { nodeId: uuid(103), hostname: 'db-primary', hops: n - 11 },
      }),
    ),
  ];
  for (const node of list) world.nodes.set(node.nodeId, node);
  return world;
}

export function tell(world: World, node: NodeView): void {
  world.nodes.set(node.nodeId, node);
  for (const listener of world.listeners) listener({ node });
}

/** Plays a claim: the node appears, its link comes up, its first sample is relayed. */
export function playClaim(world: World, n: number, hostname: string): void {
  const at = new Date().toISOString();
  const unseen = makeNode(world, n, {
    hostname,
    state: 'unseen',
    alerts: null,
    since: at,
    claimedAt: at,
    claimToLiveMs: null,
    claimToFirstSampleMs: null,
    info: null,
  });
  tell(world, unseen);
  const live = makeNode(world, n, {
    hostname,
    state: 'live',
    since: new Date(Date.now() + 640).toISOString(),
    claimedAt: at,
    claimToLiveMs: 318,
    claimToFirstSampleMs: null,
  });
  setTimeout(() => tell(world, live), 1_600);
  setTimeout(() => tell(world, { ...live, claimToFirstSampleMs: 742 }), 2_600);
}
