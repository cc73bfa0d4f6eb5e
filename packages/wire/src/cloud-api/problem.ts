// The Cloud's own HTTP API under /api/cloud/v1, one file per noun; browser, command line and server share these schemas.

import { z } from 'zod';
import { errorTable, type ErrorKind } from '../errors.ts';

export const apiBase = '/api/cloud/v1';

const kinds = Object.keys(errorTable) as [ErrorKind, ...ErrorKind[]];

/** Every answer that is not 2xx. `message` is for people; `requestId` finds the event in the Cloud's log. */
export const Problem = z.object({ kind: z.enum(kinds), message: z.string(), requestId: z.string() });
export type Problem = z.infer<typeof Problem>;
