// Whether claimed nodes wait until an administrator admits them: GET and PUT /spaces/:spaceId/admission, POST /nodes/:nodeId/admit.

import { z } from 'zod';

/** `isOn`: every node that is claimed anew waits. A token may ask for that where the Space does not. */
export const AdmissionView = z.object({ isOn: z.boolean() });
export type AdmissionView = z.infer<typeof AdmissionView>;
export const AdmissionChange = z.strictObject({ isOn: z.boolean() });
