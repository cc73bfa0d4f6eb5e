// Ephemeral nodes, which leave by themselves: PUT /nodes/:nodeId/ephemeral, and what a claiming token says of the nodes that it claims.

import { z } from 'zod';

const minuteMs = 60 * 1000;

/** How long a node is offline before it leaves. */
export const EphemeralAfterMs = z
  .int()
  .min(5 * minuteMs)
  .max(30 * 24 * 60 * minuteMs);

/** Null = it stays until somebody removes it. */
export const EphemeralChange = z.strictObject({ afterMs: EphemeralAfterMs.nullable() });

/** `leavesAt`: if nothing comes from it until then; null while it is there, or waits for admission. */
export const EphemeralView = z.object({ afterMs: z.int(), leavesAt: z.iso.datetime().nullable() }).nullable();
export type EphemeralView = z.infer<typeof EphemeralView>;

export const EphemeralChanged = z.object({ ephemeral: EphemeralView });
