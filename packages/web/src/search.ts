// What the addresses of pages may hold behind the question mark. Anybody can write an address, so each part is read on its own: what
// does not fit is as if it were not there. Pure.

import { AlertStatus } from '@claimstead/wire/cloud-api/alerts';
import { NodeState } from '@claimstead/wire/cloud-api/nodes';
import { z } from 'zod';
import type {
  AlertsSearch,
  AuditSearch,
  ChartsSearch,
  FunctionSearch,
  ManageSearch,
  NodeAlertsSearch,
  NodesSearch,
  SignInSearch,
} from './paths.ts';

type Search = Record<string, unknown>;

/**
 * A reader of the named parts; a part that does not fit its schema is undefined. Not left out: what the router makes of an address is laid over
 * the address as it was typed, and what does not fit would stay.
 */
const reader =
  <Known extends object>(parts: { [Name in keyof Known]-?: z.ZodType }) =>
  (search: Search): Known =>
    Object.fromEntries(
      Object.entries<z.ZodType>(parts).flatMap(([name, schema]): [string, unknown][] => {
        const part = schema.safeParse(search[name]);
        if (part.success && part.data !== undefined) return [[name, part.data]];
        return search[name] === undefined ? [] : [[name, undefined]];
      }),
    ) as Known;

const typed = z.string().min(1).max(200);
const name = z.string().min(1).max(1000);

export const nodesSearch = reader<NodesSearch>({ state: NodeState, find: typed });
export const manageSearch = reader<ManageSearch>({
  find: typed,
  state: NodeState,
  room: z.uuid(),
  version: z.string().max(256),
  contested: z.literal('only'),
  sort: z.enum(['host', 'state', 'since', 'version', 'claimed']),
  order: z.literal('descending'),
  node: z.uuid(),
});
export const alertsSearch = reader<AlertsSearch>({ status: AlertStatus, room: z.uuid(), find: typed });
export const auditSearch = reader<AuditSearch>({
  kind: z.string().min(1).max(64),
  account: z.uuid(),
  node: z.uuid(),
  find: typed,
  from: z.iso.date(),
  until: z.iso.date(),
});
export const chartsSearch = reader<ChartsSearch>({ chart: name });
export const nodeAlertsSearch = reader<NodeAlertsSearch>({ alert: name, shown: z.literal('all'), find: typed });
export const functionSearch = reader<FunctionSearch>({
  sort: name,
  order: z.enum(['ascending', 'descending']),
  find: typed,
  columns: z.array(name).min(1).max(200),
  options: z.record(z.string().max(200), z.string().min(1).max(200)),
});

export const signInSearch = reader<SignInSearch>({ next: z.string(), refused: z.string().max(64) });
