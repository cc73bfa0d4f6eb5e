// What is said about a node that has just been claimed, while its link comes up. Pure.

import type { NodeView } from '@claimstead/wire/cloud-api/nodes';
import { plainText } from '../ui/plain-text.ts';
import { measuredWords } from '../ui/time-words.ts';
import { words } from '../words.ts';

/** From here on something is probably wrong: a healthy agent needs well below a second, a stock one some seconds. */
const slowAfterMs = 20_000;

export interface StopwatchWords {
  /** `done`: it is live and its first sample has come. */
  phase: 'claimed' | 'live' | 'done' | 'lost';
  lines: string[];
}

type Watched = Pick<NodeView, 'claimId' | 'via' | 'state' | 'claimToLiveMs' | 'claimToFirstSampleMs' | 'lastLinkError'>;

/** `waitedMs`: since this page first saw the node. Measured times are the Cloud's own. */
export function stopwatchWords(node: Watched, waitedMs: number): StopwatchWords {
  const { state, claimToLiveMs, claimToFirstSampleMs, lastLinkError } = node;
  if (node.claimId === null) {
    const says = node.via ? words.claim.streamedBy(plainText(node.via.hostname)) : words.claim.streamed;
    return { phase: state === 'live' || state === 'stale' ? 'done' : 'lost', lines: [says] };
  }
  const lines: string[] = [];
  if (claimToLiveMs !== null) lines.push(words.claim.liveAfter(measuredWords(claimToLiveMs)));
  if (claimToFirstSampleMs !== null) lines.push(words.claim.sampleAfter(measuredWords(claimToFirstSampleMs)));
  if (claimToLiveMs === null) {
    lines.push(words.claim.claimedNow);
    if (waitedMs > slowAfterMs) lines.push(words.claim.slow);
    if (lastLinkError) lines.push(words.node.bannerCause(lastLinkError));
    return { phase: 'claimed', lines };
  }
  if (state !== 'live')
    return {
      phase: 'lost',
      lines: [...lines, words.claim.lost, ...(lastLinkError ? [words.node.bannerCause(lastLinkError)] : [])],
    };
  if (claimToFirstSampleMs === null) return { phase: 'live', lines: [...lines, words.claim.waitingSample] };
  return { phase: 'done', lines };
}
