import { roles, type Role, type SpaceAction } from '@claimstead/wire/cloud-api/roles';
import { CloudError } from '@claimstead/wire/errors';
import type { AccountId, NodeId, SpaceId } from '@claimstead/wire/ids';
import { describe, expect, it } from 'vitest';
import type { SignedIn } from '../account/session.ts';
import type { Node } from '../node/node.ts';
import { authorize, type AuthorizeParts } from './authorize.ts';
import { sightOf } from '../member/member.ts';
import { checkRoute, route, type Permission } from './routes.ts';

const own = '11111111-1111-4111-8111-111111111111' as SpaceId;
const foreign = '22222222-2222-4222-8222-222222222222' as SpaceId;
const unseenNode = '66666666-6666-4666-8666-666666666666' as NodeId;
const ownNode = '33333333-3333-4333-8333-333333333333' as NodeId;
const foreignNode = '44444444-4444-4444-8444-444444444444' as NodeId;
const nowhere = '55555555-5555-4555-8555-555555555555';
const nodes = new Map<string, Partial<Node>>([
  [ownNode, { nodeId: ownNode, spaceId: own }],
  [unseenNode, { nodeId: unseenNode, spaceId: own }],
  [foreignNode, { nodeId: foreignNode, spaceId: foreign }],
]);
const who: SignedIn = {
  accountId: 'a' as AccountId,
  email: 'a@x',
  name: 'a',
  passwordIsInitial: false,
  sessionId: 's',
  expiresAtMs: 1,
};

const asked: string[] = [];
const as = (role: Role): AuthorizeParts => ({
  accessIn: async (spaceId) => {
    asked.push('access');
    const sight = sightOf(role, { all: false, rooms: [], nodes: [ownNode] });
    return spaceId === own ? { role, sight } : undefined;
  },
  nodeById: async (nodeId) => {
    asked.push('node');
    return nodes.get(nodeId) as Node | undefined;
  },
});
const outcome = async (role: Role, permission: SpaceAction, target: object): Promise<string> => {
  try {
    return (await authorize(as(role), who, permission, target)).role;
  } catch (error) {
    return error instanceof CloudError ? error.kind : 'something else';
  }
};

describe('authorize', () => {
  it.each<[Role, SpaceAction, string]>([
    ['admin', 'manage-tokens', 'admin'],
    ['admin', 'see-nodes', 'admin'],
    ['manager', 'manage-members', 'manager'],
    ['manager', 'manage-tokens', 'forbidden'],
    ['troubleshooter', 'see-members', 'troubleshooter'],
    ['troubleshooter', 'manage-rooms', 'forbidden'],
    ['observer', 'see-nodes', 'observer'],
    ['observer', 'see-members', 'forbidden'],
    ['member', 'see-nodes', 'member'],
    ['member', 'manage-nodes', 'forbidden'],
  ])('lets a(n) %s do what asks for %s: %s', async (role, permission, expected) => {
    expect(await outcome(role, permission, { spaceId: own })).toBe(expected);
    expect(await outcome(role, permission, { nodeId: ownNode })).toBe(expected);
    expect(await outcome(role, permission, { spaceId: own.toUpperCase() })).toBe(expected);
  });

  it('answers foreign, unknown and impossible ids alike, after the same look-ups', async () => {
    for (const permission of ['see-nodes', 'manage-space'] as const) {
      for (const targets of [
        [{ spaceId: foreign }, { spaceId: nowhere }],
        [{ nodeId: foreignNode }, { nodeId: nowhere }],
      ]) {
        const traces = [];
        for (const target of targets) {
          asked.length = 0;
          traces.push([await outcome('admin', permission, target), ...asked]);
        }
        expect(traces[0]).toEqual(traces[1]);
        expect(traces[0]?.[0]).toBe('not-found');
      }
      for (const spaceId of ['', 'x', '../x', own.slice(1), `${own} `])
        expect(await outcome('admin', permission, { spaceId })).toBe('not-found');
    }
  });

  it('lets those who see only some rooms see only the nodes in them', async () => {
    for (const role of roles) {
      const seesAll = role === 'admin' || role === 'manager' || role === 'troubleshooter';
      expect(await outcome(role, 'see-nodes', { nodeId: unseenNode })).toBe(seesAll ? role : 'not-found');
    }
    expect(await outcome('member', 'manage-nodes', { nodeId: unseenNode })).toBe('not-found');
  });

  it('hands the node on to whoever needs it', async () => {
    expect((await authorize(as('member'), who, 'see-nodes', { nodeId: ownNode })).node?.nodeId).toBe(ownNode);
    expect((await authorize(as('member'), who, 'see-nodes', { spaceId: own })).node).toBeUndefined();
  });
});

describe('checkRoute', () => {
  const entry = (path: string, permission: Permission) =>
    route({ method: 'GET', path, permission, summary: '.', handle: async () => ({ status: 204 }) });

  it('refuses a route without a permission, or one that cannot be checked', () => {
    expect(() => checkRoute(entry('/x', undefined as unknown as Permission))).toThrow('GET /x declares no permission');
    expect(() => checkRoute(entry('/x', 'anybody' as Permission))).toThrow('declares no permission');
    expect(() => checkRoute(entry('/x', 'see-nodes'))).toThrow('names neither :spaceId nor :nodeId');
    expect(() => checkRoute(entry('/nodes/:nodeId', 'signed-in'))).toThrow('asks for no role in it');
    expect(() => checkRoute(entry('/spaces/:spaceId/x', 'public'))).toThrow('asks for no role in it');
    expect(() => checkRoute(entry('/nodes/:nodeId', 'see-nodes'))).not.toThrow();
  });
});
