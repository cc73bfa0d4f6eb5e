// What a check needs from the program that runs it.

import type { ClaimArguments } from '../claim/claim-arguments.ts';
import type { ClaimSurroundings } from '../claim/claim-command.ts';
import type { Clock } from '../dial/hop-timer.ts';

export interface DoctorParts {
  /** The options, parsed. */
  given: ClaimArguments;
  /** As for a claim. Nothing is written and nobody is told. */
  around: Pick<ClaimSurroundings, 'config' | 'uid' | 'hostname' | 'readStdin' | 'say'>;
  /** One JSON object on stdout instead of lines for people. */
  json: boolean;
  clock: Clock;
}
