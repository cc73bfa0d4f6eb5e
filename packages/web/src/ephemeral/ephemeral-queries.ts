// What the pages ask about ephemeral nodes.

import { EphemeralChanged } from '@claimstead/wire/cloud-api/ephemeral';
import { call } from '../api/client.ts';

export const setEphemeral = (nodeId: string, afterMs: number | null) =>
  call({
    method: 'PUT',
    path: `/nodes/${encodeURIComponent(nodeId)}/ephemeral`,
    body: { afterMs },
    schema: EphemeralChanged,
  });
