// What is asked of a node's agent through the Cloud's relay. An agent refuses in its own words and statuses, a Cloud with a Problem.

import { z } from 'zod';
import { call, parsed, problemOf, send } from './client.ts';

/** The agent answered, and what it answered is a no. */
export class AgentRefusal extends Error {
  /** HTTP status, e.g. 403, 412 or 451 where the asker lacks a permission. */
  readonly status: number;
  constructor(status: number, reason: string) {
    super(reason);
    this.name = 'AgentRefusal';
    this.status = status;
  }
  /** It will not change its mind by being asked again. */
  get isForGood(): boolean {
    return this.status < 500 && this.status !== 429 && this.status !== 408;
  }
}

/** Agents of all versions say `error_message` or `errorMessage`; what they say is cut to what can be read. */
const Refused = z.object({ error_message: z.string().optional(), errorMessage: z.string().optional() });
const longestReason = 400;

/** The reason that an agent gives, '' when it gives none that can be read. Pure. */
export function reasonOf(text: string): string {
  try {
    const { error_message: first, errorMessage: second } = Refused.parse(JSON.parse(text));
    return (first ?? second ?? '').trim().slice(0, longestReason);
  } catch {
    // Old agents answer with one line of plain text; a page of a proxy is no reason.
    const line = text.trim();
    return line.length <= longestReason && !/[<\n{]/.test(line) ? line : '';
  }
}

const isProblem = (text: string): boolean => /^\s*\{[^}]*"requestId"\s*:/.test(text);

/**
 * GET `path` (with its query, starting with a slash) of the node's agent. Rejects with AgentRefusal when the agent says no, with
 * ApiError when the Cloud does or the answer cannot be read.
 */
export async function askAgent<Answer>(
  nodeId: string,
  path: string,
  schema: { parse: (answer: unknown) => Answer },
  signal: AbortSignal,
): Promise<Answer> {
  const { status, isOk, text } = await send({ path: `/nodes/${encodeURIComponent(nodeId)}/agent${path}`, signal });
  if (isOk) return parsed(text, schema);
  const refusal = new AgentRefusal(status, reasonOf(text));
  if (!isProblem(text)) throw refusal;
  const problem = problemOf(status, text);
  // An agent could write a Problem, too, and must not be able to sign anybody out: the Cloud itself is asked.
  if (problem.kind === 'sign-in-required') {
    await call({ path: '/session', signal });
    throw refusal;
  }
  throw problem;
}
