// What the Cloud's answer to a claim means: exit code and words of `netdata-claim.sh`. The key decides, then the status.

export interface ClaimOutcome {
  /** Exit code of netdata-claim.sh. */
  exitCode: number;
  /** One sentence: cause, then remedy. */
  words: string;
  /** Whether the script tries again by itself. */
  retryable: boolean;
}

const outcome = (exitCode: number, retryable: boolean, words: string): ClaimOutcome => ({ exitCode, retryable, words });

export const claimOutcomes = {
  ErrInvalidNodeID: outcome(8, false, 'The Cloud refused the node id: it must be a UUID.'),
  ErrInvalidNodeName: outcome(9, false, 'The Cloud refused the host name; give another with -hostname=NAME.'),
  ErrInvalidRoomID: outcome(10, false, 'The Cloud does not know one of the rooms in this Space; check -rooms=.'),
  ErrInvalidPublicKey: outcome(
    11,
    false,
    'The Cloud refused the public key; delete private.pem and public.pem in claim.d and claim again.',
  ),
  ErrForbidden: outcome(
    12,
    false,
    'The Cloud refused the claiming token: it is unknown, expired, used up or revoked. Get a new command from an administrator of the Space.',
  ),
  ErrAlreadyClaimed: outcome(
    13,
    false,
    'This node is claimed already. Remove it in the Cloud under Manage Claimed Nodes; or make a new node of it: delete private.pem and public.pem in claim.d, then netdata-claim.sh -id=$(uuidgen) with the same options.',
  ),
  ErrProcessingClaim: outcome(
    14,
    true,
    'The Cloud still works on an earlier claim of this node; try again in a minute.',
  ),
  ErrInternalServerError: outcome(
    15,
    true,
    'The Cloud met a fault of its own; try again, or ask its operator to look into its log.',
  ),
  ErrGatewayTimeout: outcome(16, true, 'Something in front of the Cloud timed out; try again in a minute.'),
  ErrServiceUnavailable: outcome(17, true, 'The Cloud is not available right now; try again in a minute.'),
} as const satisfies Record<string, ClaimOutcome>;

export type ClaimErrorKey = keyof typeof claimOutcomes;

const byStatus: Readonly<Record<number, ClaimErrorKey>> = {
  403: 'ErrForbidden',
  409: 'ErrAlreadyClaimed',
  429: 'ErrServiceUnavailable',
  500: 'ErrInternalServerError',
  503: 'ErrServiceUnavailable',
  504: 'ErrGatewayTimeout',
};

/** Reads an answer that is not 204. `errorMsgKey` is whatever stood in the body, if anything did. */
export function readClaimRefusal(status: number, errorMsgKey: string | undefined): ClaimOutcome {
  if (errorMsgKey !== undefined && Object.hasOwn(claimOutcomes, errorMsgKey)) {
    return claimOutcomes[errorMsgKey as ClaimErrorKey];
  }
  const key = byStatus[status];
  if (key !== undefined) return claimOutcomes[key];
  return outcome(
    7,
    status >= 500,
    status >= 500
      ? `The Cloud, or something in front of it, answered with status ${status}; try again in a minute.`
      : `The Cloud answered with status ${status}, which is no answer to a claim; check -url=.`,
  );
}
