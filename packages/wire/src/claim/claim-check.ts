// Would this claim be accepted? Asked by `netdata-claim.sh -check`; nothing is claimed and no use of a token is taken. An address of
// Claimstead alone: other Clouds answer 404. The claim itself goes on answering 403 `ErrForbidden` whatever is wrong with a token.
//
// `POST {base}/api/v1/claim-check`, body as of a claim; 200 with a `ClaimCheck`, whatever the verdict; 429 when asked too often.

export const claimCheckPath = '/api/v1/claim-check';

/**
 * What a claim would meet. `token-refused`: no such token, one answer for all that were ever made up. The reasons of an existing one
 * (`token-expired`, `-used-up`, `-revoked`) are told only to whoever presents the whole token. A room of another Space is
 * `room-unknown` like one that does not exist. `key-in-use`: the node is live with another key.
 */
export const claimVerdicts = [
  'accepted',
  'token-refused',
  'token-expired',
  'token-used-up',
  'token-revoked',
  'room-unknown',
  'claimed-elsewhere',
  'key-in-use',
  'node-id-refused',
  'hostname-refused',
  'public-key-refused',
] as const;

export type ClaimVerdict = (typeof claimVerdicts)[number];

export interface ClaimCheck {
  verdict: ClaimVerdict;
  /** Where the link would go, as `/api/v1/env` tells a claimed agent; https and wss URLs with explicit ports. */
  authEndpoint: string;
  mqttEndpoint: string;
  /** With `room-unknown`: which of the rooms in the request, counted from 0. */
  roomIndex?: number;
}

/** Throws one sentence for anything that is no ClaimCheck. */
export function readClaimCheck(value: unknown): ClaimCheck {
  const field = (name: string): unknown =>
    typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
  const verdict = claimVerdicts.find((known) => known === field('verdict'));
  const authEndpoint = field('authEndpoint');
  const mqttEndpoint = field('mqttEndpoint');
  if (verdict === undefined || !isUrl(authEndpoint, 'https:') || !isUrl(mqttEndpoint, 'wss:'))
    throw new Error('the answer to the check of a claim cannot be read');
  const roomIndex = field('roomIndex');
  return { verdict, authEndpoint, mqttEndpoint, ...(isIndex(roomIndex) && { roomIndex }) };
}

const isUrl = (text: unknown, protocol: string): text is string =>
  typeof text === 'string' && text.length <= 2048 && URL.canParse(text) && new URL(text).protocol === protocol;

const isIndex = (value: unknown): value is number => Number.isInteger(value) && Number(value) >= 0;
