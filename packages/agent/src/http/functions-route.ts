// /api/v1/functions and /api/v1/function: which tables this node can show, and one of them, in the shape that stock agents answer.

import type { AgentFunction, FilledTable } from '../functions/agent-function.ts';
import { jsonRefusal, jsonReply, quoted } from './reply.ts';
import { routePermissions, type AgentReply, type Route } from './route.ts';

interface FunctionsParts {
  functions: readonly AgentFunction[];
  hostname: string;
  /** Milliseconds since 1970. */
  nowMs(): number;
}

/** Each reads thousands of files; a browser asks for one at a time. */
const maxRunning = 4;
/** Longest timeout that an asker may choose: that of a relayed request. */
const maxTimeoutSeconds = 600;

export function functionsRoutes(parts: FunctionsParts): Route[] {
  const { functions } = parts;
  let running = 0;
  const list: Route['answer'] = () =>
    jsonReply(JSON.stringify({ functions: Object.fromEntries(functions.map((one) => [one.name, describe(one)])) }));

  const call: Route['answer'] = async ({ query, signal: nobodyWaits }) => {
    // Stock functions take words behind their name; ours have one view each and take none.
    const name = query.get('function')?.trim().split(/\s/)[0] ?? '';
    if (name === '') return jsonRefusal(400, 'Name a function, as in /api/v1/function?function=processes.');
    const called = functions.find((one) => one.name === name);
    if (called === undefined)
      return jsonRefusal(404, `This node has no function ${quoted(name)}; /api/v1/functions lists what it has.`);
    if (running >= maxRunning) return jsonRefusal(503, 'Too many functions run on this node; try again.');
    const asked = Number(query.get('timeout') ?? NaN);
    const seconds = asked >= 1 ? Math.min(asked, maxTimeoutSeconds) : called.timeoutSeconds;
    const tooLong = AbortSignal.timeout(seconds * 1000);
    running += 1;
    try {
      return toReply(called, await called.run(AbortSignal.any([nobodyWaits, tooLong])), parts);
    } catch (error) {
      if (nobodyWaits.aborted) return jsonRefusal(499, 'The request was cancelled.');
      if (tooLong.aborted) return jsonRefusal(504, `${name} took longer than ${seconds} s.`);
      throw error;
    } finally {
      running -= 1;
    }
  };
  return [
    { path: '/api/v1/functions', permission: 'anonymous-data', mayBeRelayed: true, answer: list },
    { path: '/api/v1/function', permission: 'sensitive-data', mayBeRelayed: true, answer: call },
  ];
}

function describe({ help, timeoutSeconds, priority }: AgentFunction): object {
  const access = routePermissions['sensitive-data'];
  return { help, timeout: timeoutSeconds, version: 0, options: ['GLOBAL'], tags: 'top', access, priority };
}

function toReply(
  { help, updateEverySeconds }: AgentFunction,
  { table, total, shown }: FilledTable,
  { hostname, nowMs }: FunctionsParts,
): AgentReply {
  const isPartial = shown < total;
  const head = {
    hostname,
    status: 200,
    type: 'table',
    update_every: updateEverySeconds,
    has_history: false,
    help: isPartial ? `${help} These are ${shown} of ${total} rows.` : help,
    ...(isPartial ? { partial: true } : {}),
  };
  const expires = Math.floor(nowMs() / 1000) + updateEverySeconds;
  return jsonReply(JSON.stringify({ ...head, ...table, expires }));
}
