// The decision about one alert, with no clock and no store in sight.

import { rankOf, type AlertStatus } from './alert-status.ts';
import type { AlertDelay } from './definition.ts';

/** What `warn` and `crit` came to: NaN where they cannot say, undefined where the definition has none. */
export interface Verdicts {
  warn: number | undefined;
  crit: number | undefined;
}

/** Critical beats warning; one that cannot say leaves it to the other. */
export function decideStatus(value: number, { warn = NaN, crit = NaN }: Verdicts): AlertStatus {
  if (Number.isNaN(value)) return 'undefined';
  if (Number.isFinite(crit) && crit !== 0) return 'critical';
  if (Number.isFinite(warn)) return warn === 0 ? 'clear' : 'warning';
  return Number.isFinite(crit) ? 'clear' : 'undefined';
}

/** How far the delays of one alert have grown. Times in seconds. */
export interface DelayState {
  upSeconds: number;
  downSeconds: number;
  /** Of the newest change; 0 when it has none. */
  lastSeconds: number;
  /** Until when it lasts, since 1970. */
  untilSecond: number;
}

export const noDelayYet: DelayState = { upSeconds: 0, downSeconds: 0, lastSeconds: 0, untilSecond: 0 };

/** The delay of a change at `nowSecond`: the defined one, or a longer one while that of the change before still lasts. */
export function delayOfChange(
  { upSeconds, downSeconds, multiplier, maxSeconds }: AlertDelay,
  before: DelayState,
  change: { from: AlertStatus; to: AlertStatus; nowSecond: number },
): DelayState {
  const goesOn = change.nowSecond <= before.untilSecond;
  const grown = (seconds: number): number => Math.min(Math.trunc(seconds * multiplier), maxSeconds);
  const up = goesOn ? grown(before.upSeconds) : upSeconds;
  const down = goesOn ? grown(before.downSeconds) : downSeconds;
  const lastSeconds = rankOf(change.to) > rankOf(change.from) ? up : down;
  return { upSeconds: up, downSeconds: down, lastSeconds, untilSecond: change.nowSecond + lastSeconds };
}
