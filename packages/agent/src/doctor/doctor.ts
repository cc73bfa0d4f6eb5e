// `netdata-claim.sh -check`: walks every hop that a claim and then the link would take, with their settings, and changes nothing.
// Reading order of this folder: doctor.ts, wait-for-live.ts (`-wait`: follows a claim until the node is live).

import type { ClaimArguments } from '../claim/claim-arguments.ts';
import type { ClaimSurroundings } from '../claim/claim-command.ts';
import type { Clock } from '../dial/hop-timer.ts';

export interface DoctorParts {
  /** The options, parsed. */
  given: ClaimArguments;
  /** As for a claim. Nothing is written and nobody is told. */
  around: ClaimSurroundings;
  /** One JSON object on stdout instead of lines for people. */
  json: boolean;
  clock: Clock;
}

/** Answers the exit code: 0 when a claim and the link would pass, else the one that the claim would end with. Never throws for what a person can put right. */
export async function runDoctor(parts: DoctorParts): Promise<number> {
  parts.around.complain('claim check: not built yet');
  return 7;
}
