// Who gets a delivery can tell that it is ours, and not an old one: HMAC-SHA256 over the time and the body. docs/webhooks.md tells how to check it.

import { createHmac } from 'node:crypto';

export const signatureHeader = 'claimstead-signature';

/** `t=SECONDS,v1=HEX`. */
export function signature(secret: string, body: string, nowMs: number): string {
  const seconds = Math.floor(nowMs / 1000);
  return `t=${seconds},v1=${createHmac('sha256', secret).update(`${seconds}.${body}`).digest('hex')}`;
}
