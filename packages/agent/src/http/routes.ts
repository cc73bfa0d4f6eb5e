// The one table of what this agent answers: for its own port and, where marked, for the Cloud.

import { missingPermissions } from '@claimstead/wire/link/permissions';
import type { AgentFunction } from '../functions/agent-function.ts';
import type { Health } from '../health/health.ts';
import type { Log } from '../log.ts';
import type { ApiActivity } from '../metrics/api-activity.ts';
import type { MetricStore } from '../metrics/store.ts';
import { alarmsRoutes } from './alarms-route.ts';
import { allMetricsRoutes } from './all-metrics-route.ts';
import { chartsRoutes } from './charts-route.ts';
import { contextsRoutes } from './contexts-route.ts';
import { dataRoutes } from './data-route.ts';
import { functionsRoutes } from './functions-route.ts';
import type { HostInfo } from './host-info.ts';
import { infoRoutes } from './info-route.ts';
import { jsonRefusal, quoted, refusal } from './reply.ts';
import { routePermissions, type AgentReply, type AgentRequest, type CloudFacts, type Route } from './route.ts';

export interface RouteParts {
  store: MetricStore;
  health: Health;
  hostInfo: HostInfo;
  /** Of the agent, with a leading `v`. */
  version: string;
  machineGuid: string;
  hostname: string;
  cloudFacts(): CloudFacts;
  functions: readonly AgentFunction[];
  /** Milliseconds since 1970. */
  nowMs(): number;
  /** Where answers are counted. */
  activity: ApiActivity;
  log: Log;
  /** Routes of other parts, e.g. of the link. */
  extra: readonly Route[];
}

/** All routes, each counted and guarded: a route that throws is an answer of 500 and a line in the log. */
export function createRoutes(parts: RouteParts): Route[] {
  const routes = [
    ...infoRoutes(parts),
    ...chartsRoutes(parts),
    ...dataRoutes(parts),
    ...contextsRoutes(parts),
    ...allMetricsRoutes(parts),
    ...functionsRoutes(parts),
    ...alarmsRoutes(parts),
    ...parts.extra,
  ];
  const paths = new Set(routes.map(({ path }) => path));
  if (paths.size !== routes.length) throw new Error('Two routes have the same path.');
  return routes.map((route) => ({ ...route, answer: (request) => answerCounted(route, request, parts) }));
}

/** The answer to one request. Never throws and never rejects, if the routes come from `createRoutes`. */
export function answer(routes: readonly Route[], request: AgentRequest): AgentReply | Promise<AgentReply> {
  const route = routes.find(({ path }) => path === request.path);
  if (route === undefined || (request.source === 'link' && !route.mayBeRelayed)) {
    return refusal(404, `There is nothing at ${quoted(request.path)}; /api/v1/charts lists what can be asked for.`);
  }
  const missing = missingPermissions(routePermissions[route.permission], request.permissions);
  if (missing.length === 0) return route.answer(request);
  // The statuses of stock agents: 412 asks to sign in, 403 says that it would not help.
  if (request.source === 'local')
    return jsonRefusal(412, 'This is shown only through the Cloud, to people who are signed in there.');
  return jsonRefusal(403, `You lack permissions on this node: ${missing.join(', ')}.`);
}

async function answerCounted(route: Route, request: AgentRequest, { activity, log }: RouteParts): Promise<AgentReply> {
  const startMs = performance.now();
  const reply = await answerGuarded(route, request, log);
  activity.totalMs += performance.now() - startMs;
  if (request.source === 'local') activity.localRequests++;
  else activity.relayedRequests++;
  if (reply.status >= 400) activity.failedRequests++;
  activity.answeredBytes += Buffer.byteLength(reply.body);
  return reply;
}

async function answerGuarded(route: Route, request: AgentRequest, log: Log): Promise<AgentReply> {
  try {
    return await route.answer(request);
  } catch (error) {
    log.error('WEB', `${route.path} could not be answered: ${error instanceof Error ? error.stack : String(error)}`);
    return refusal(500, 'The agent failed to answer this; its log says why.');
  }
}
