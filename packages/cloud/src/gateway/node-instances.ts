// The machines that an agent answers for, as `GET /api/v1/aclk` of agents of every age lists them. Pure.

import { parseMachineGuid } from '@claimstead/wire/ids';
import { z } from 'zod';
import { isHostname } from '../claim/checked-claim.ts';
import type { Child } from '../node/node.ts';

const Answer = z.object({
  'node-instances': z.array(z.object({ mguid: z.string(), hostname: z.string() }).or(z.unknown())).max(20_000),
});

/** Those that can be read; none where the answer is something else. */
export function readNodeInstances(body: Buffer): Child[] {
  let value: unknown;
  try {
    value = JSON.parse(body.toString('utf8'));
  } catch {
    return [];
  }
  const answer = Answer.safeParse(value);
  if (!answer.success) return [];
  return answer.data['node-instances'].flatMap((instance) => {
    const { mguid, hostname } = (instance ?? {}) as { mguid?: unknown; hostname?: unknown };
    const machineGuid = typeof mguid === 'string' ? parseMachineGuid(mguid) : undefined;
    if (machineGuid === undefined || typeof hostname !== 'string' || !isHostname(hostname)) return [];
    return [{ machineGuid, hostname }];
  });
}
