// The closed table of everything that can go wrong in the Cloud, as others see it. Rules throw `CloudError(kind)`; the two
// edges (HTTP and the link's gateway) translate by this table; anything unknown is `internal`. A cause is logged, never sent.

import type { NodeId, SpaceId } from './ids.ts';

/** Of a token that exists and was refused all the same; told to nobody who asks. */
export interface RefusedToken {
  tokenId: string;
  spaceId: SpaceId;
}

export type LogLevel = 'debug' | 'info' | 'warn' | 'error';

export interface ErrorRow {
  /** HTTP status of the answer. */
  status: number;
  /** `errorMsgKey` for agents; only kinds that an agent can meet have one. */
  agentKey?: string;
  /** For agents: `for-good` = only a new claim helps; a number = seconds until the agent may ask again. Absent: its own back-off. */
  agentReturns?: 'for-good' | number;
  /** Whether the same request may succeed later. */
  retryable: boolean;
  level: LogLevel;
  /** One sentence fit for a person: cause, then remedy. */
  message: string;
  /** Others are told this kind instead, word for word: only the Cloud itself knows which of the two it was. */
  toldAs?: 'claim-token-refused';
}

const row = (
  status: number,
  retryable: boolean,
  level: LogLevel,
  message: string,
  agentKey?: string,
  agentReturns?: 'for-good' | number,
): ErrorRow => ({
  status,
  retryable,
  level,
  message,
  ...(agentKey === undefined ? {} : { agentKey }),
  ...(agentReturns === undefined ? {} : { agentReturns }),
});

/** A claim is not told what is wrong with its token: a token that exists must look like one that does not. */
const refusedToken: ErrorRow = row(
  403,
  false,
  'info',
  'The claiming token is unknown, expired, used up or revoked; get a new one from an administrator of the Space.',
  'ErrForbidden',
);
const toldAsRefused: ErrorRow = { ...refusedToken, toldAs: 'claim-token-refused' };

/** Seconds: long enough to pace a fleet, short enough to be back soon after a restart. */
const soon = 2;
/** While a stand-in holds the port, perhaps for an hour: a fleet of 10,000 is a thousand handshakes a second. */
const outOfServiceSeconds = 10;

export const errorTable = {
  // Requests as such.
  'invalid-request': row(400, false, 'info', 'The request is not what this address takes; see openapi.json.'),
  'not-found': row(404, false, 'debug', 'There is nothing here under that name.'),
  'method-not-allowed': row(405, false, 'debug', 'This address does not take that method.'),
  'request-too-large': row(413, false, 'info', 'The request is larger than this address takes.'),
  'headers-too-large': row(431, false, 'info', 'The headers are larger than this server takes.'),
  'media-type-not-taken': row(415, false, 'info', 'Send the body as JSON.'),
  'too-many-requests': row(429, true, 'info', 'Too many requests; wait a little and try again.'),
  overloaded: row(503, true, 'warn', 'The Cloud is busy; try again in some seconds.', 'ErrServiceUnavailable', soon),
  stopping: row(
    503,
    true,
    'info',
    'The Cloud is restarting; try again in some seconds.',
    'ErrServiceUnavailable',
    soon,
  ),
  'out-of-service': row(
    503,
    true,
    'info',
    'The Cloud is being worked on; try again in some minutes.',
    'ErrServiceUnavailable',
    outOfServiceSeconds,
  ),
  'storage-unavailable': row(
    503,
    true,
    'error',
    'The Cloud cannot write its data; its operator finds the cause in its log.',
    'ErrServiceUnavailable',
    soon,
  ),
  internal: row(
    500,
    true,
    'error',
    'The Cloud met a fault of its own; its operator finds it in the log under this request id.',
    'ErrInternalServerError',
  ),
  // People.
  'sign-in-required': row(401, false, 'debug', 'Sign in first.'),
  'sign-in-refused': row(401, false, 'info', 'E-mail address and password do not fit.'),
  'sign-in-expired': row(401, false, 'info', 'This sign-in took too long, or was used already; begin again.'),
  'second-factor-refused': row(
    401,
    false,
    'info',
    'The code does not fit or was used already; take the next one, or one of your recovery codes.',
  ),
  'second-factor-exists': row(409, false, 'info', 'Two-step sign-in is on already; turn it off first.'),
  'passkey-refused': row(
    401,
    false,
    'info',
    'This passkey is not known here, or could not be proved; sign in another way.',
  ),
  'passkeys-need-a-name': row(
    409,
    false,
    'info',
    'Passkeys belong to a host name, and this Cloud is reached by an address; its operator can give it a name with --public-url.',
  ),
  'reset-refused': row(
    403,
    false,
    'info',
    'This link is unknown, was used already or is older than an hour; ask for a new one.',
  ),
  'mail-is-off': row(
    409,
    false,
    'info',
    'This Cloud sends no mail; ask its operator for a link (claimstead admin reset-password).',
  ),
  'api-token-refused': row(
    401,
    false,
    'info',
    'The API token is unknown, expired or revoked; make a new one on the account page.',
  ),
  'api-token-not-enough': row(403, false, 'info', 'An API token cannot do that; sign in for it.'),
  'oidc-refused': row(
    403,
    false,
    'info',
    'You are signed in there, but no account here is yours under a verified address; ask an administrator to invite you.',
  ),
  'oidc-failed': row(502, true, 'warn', 'The sign-in there did not come to an end; try again, or sign in another way.'),
  'too-many-sign-ins': row(
    429,
    true,
    'warn',
    'Too many failed sign-ins; wait a quarter of an hour, or reset the password.',
  ),
  'password-too-weak': row(422, false, 'info', 'The new password is too short; take at least 12 characters.'),
  forbidden: row(403, false, 'info', 'Your role in this Space does not allow that.'),
  'origin-refused': row(403, false, 'warn', 'The request comes from a page of another site.'),
  'last-administrator': row(
    409,
    false,
    'info',
    'A Space needs an administrator; make somebody else one first, or delete the Space.',
  ),
  'role-not-yours-to-give': row(
    403,
    false,
    'info',
    'Your role may neither give nor take away that role; ask an administrator of the Space.',
  ),
  'already-member': row(409, false, 'info', 'Who has this e-mail address is a member of the Space already.'),
  'invitation-refused': row(
    403,
    false,
    'info',
    'The invitation is unknown, expired, used or withdrawn; ask whoever invited you for a new one.',
  ),
  'invitation-has-account': row(
    409,
    false,
    'info',
    'The address that is invited has an account here; sign in with it, then accept the invitation.',
  ),
  'invitation-for-another': row(
    403,
    false,
    'info',
    'The invitation is for another e-mail address; sign out, then open its link again.',
  ),
  'space-name-differs': row(422, false, 'info', 'That is not the name of this Space, so nothing was deleted.'),
  'name-taken': row(409, false, 'info', 'That name is in use already; choose another.'),
  // Claims, as agents know them.
  'claim-invalid-node-id': row(
    422,
    false,
    'info',
    'The node id in the address and in the request must be the same UUID.',
    'ErrInvalidNodeID',
  ),
  'claim-invalid-node-name': row(
    422,
    false,
    'info',
    'The host name is missing or not printable.',
    'ErrInvalidNodeName',
  ),
  'claim-invalid-room-id': row(
    422,
    false,
    'info',
    'A room in the request is not a room of this Space.',
    'ErrInvalidRoomID',
  ),
  'claim-invalid-public-key': row(
    422,
    false,
    'info',
    'The public key is not an RSA key of 2,048 bits in PEM.',
    'ErrInvalidPublicKey',
  ),
  'claim-token-refused': refusedToken,
  'claim-token-expired': toldAsRefused,
  'claim-token-used-up': toldAsRefused,
  'claim-token-revoked': toldAsRefused,
  /** From a network that the token takes no claims from. */
  'claim-token-elsewhere': toldAsRefused,
  'claim-taken': row(
    409,
    false,
    'warn',
    'This node is claimed already; remove it in the Cloud first, or claim it with the key it was claimed with.',
    'ErrAlreadyClaimed',
  ),
  'claim-key-in-use': row(
    409,
    false,
    'warn',
    'This node is connected right now with another key; stop that agent, or remove the node in the Cloud first.',
    'ErrAlreadyClaimed',
  ),
  'claim-invalid-request': row(
    400,
    false,
    'info',
    'The claim is not a JSON object with node, token, rooms and publicKey.',
    'ErrInvalidRequest',
  ),
  // Authentication of the link.
  'link-unknown-claim': row(404, true, 'info', 'No node is claimed under this id.', 'ErrUnknownClaim', 60),
  'link-removed': row(
    403,
    false,
    'info',
    'This node was removed from its Space; claim it again.',
    'ErrNodeRemoved',
    'for-good',
  ),
  'link-unclaimed': row(
    403,
    false,
    'info',
    'This claim was deleted on the node itself, and ended with that; claim the node again.',
    'ErrNodeRemoved',
    'for-good',
  ),
  'link-challenge-refused': row(
    403,
    true,
    'warn',
    'The answer to the challenge is wrong, used or too late; the key may not be the one that was claimed.',
    'ErrIncorrectResponse',
    10,
  ),
  // Stock agents log the sentence and come back after the delay; anything but 201 is a refusal to them.
  'link-contested': row(
    409,
    true,
    'warn',
    'Several machines use the identity of this node, and another one is connected; give each machine an identity of its own.',
    'ErrIdentityContested',
    60,
  ),
  // Asked again calmly, and not for ever: as soon as somebody admits the node, the next attempt succeeds.
  'link-waits-for-admission': row(
    409,
    true,
    'info',
    'This node waits until an administrator of its Space admits it; compare the words of its key there and here.',
    'ErrWaitsForAdmission',
    30,
  ),
  // The relay.
  'node-offline': row(503, true, 'info', 'The node is not connected, so nothing can answer for it now.'),
  'relay-path-refused': row(404, false, 'info', 'This is not an address of an agent that the Cloud relays.'),
  'relay-query-refused': row(400, false, 'info', 'The address holds characters that cannot be relayed.'),
  'relay-timeout': row(504, true, 'info', 'The node did not answer in time.'),
  'relay-link-lost': row(503, true, 'info', 'The link to the node broke while it was asked.'),
  'relay-answer-too-large': row(
    502,
    false,
    'warn',
    'The answer of the node is larger than the Cloud relays; ask for fewer points.',
  ),
  'relay-answer-invalid': row(502, false, 'warn', 'The node answered something that is not an answer.'),
  'relay-too-many': row(429, true, 'info', 'Too many requests wait for this node; try again in some seconds.'),
  'relay-cancelled': row(499, false, 'debug', 'The request was cancelled.'),
} as const satisfies Record<string, ErrorRow>;

export type ErrorKind = keyof typeof errorTable;

export const errorRow = (kind: ErrorKind): ErrorRow => errorTable[kind];

/**
 * What a rule throws. `detail` takes the place of the table's sentence (never input of the asker, never a secret); `roomIndex` says which of the
 * rooms that were asked for is meant, counted from 0; `nodeId` is the node that stands in the way, `token` the one that was refused:
 * neither is told to who asks; `cause` is for the log.
 */
export class CloudError extends Error {
  readonly kind: ErrorKind;
  readonly detail: string | undefined;
  readonly roomIndex: number | undefined;
  readonly nodeId: NodeId | undefined;
  readonly token: RefusedToken | undefined;
  constructor(
    kind: ErrorKind,
    options: { detail?: string; roomIndex?: number; nodeId?: NodeId; token?: RefusedToken; cause?: unknown } = {},
  ) {
    super(options.detail ?? errorTable[kind].message, { cause: options.cause });
    this.name = 'CloudError';
    this.kind = kind;
    this.detail = options.detail;
    this.roomIndex = options.roomIndex;
    this.nodeId = options.nodeId;
    this.token = options.token;
  }
}
