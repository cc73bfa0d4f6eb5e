// How alerts are defined on the nodes of one link, asked by the hash that their transitions name. Kept as long as the link is up.

import type { AlarmConfiguration, ProvideAlarmConfiguration } from '@claimstead/wire/gen/link/v1/alarm';
import type { Clock } from '../clock.ts';
import type { Link } from './link.ts';

export interface Definitions {
  /** Undefined when the agent does not answer within 5 s, or too many are asked for at once. */
  ask(configHash: string): Promise<AlarmConfiguration | undefined>;
  /** False when nobody asked. */
  provided(message: ProvideAlarmConfiguration): boolean;
  close(): void;
}

const answerWithinMs = 5000;
/** 500 × 2 KB = 1 MB on a link whose alerts are all looked at; 500 × 32 KB = 16 MB at worst. */
const maxKept = 500;
const maxAsked = 64;

/** Characters of one definition: real ones have some hundreds. */
const maxCharacters = 32 * 1024;
const isSmall = (config: AlarmConfiguration): boolean =>
  Object.values(config).reduce((sum: number, value) => sum + (typeof value === 'string' ? value.length : 0), 0) <=
  maxCharacters;

export function createDefinitions(link: Link, clock: Clock): Definitions {
  const kept = new Map<string, AlarmConfiguration>();
  const asked = new Map<
    string,
    { answer: Promise<AlarmConfiguration | undefined>; settle: (found?: AlarmConfiguration) => void }
  >();

  const askAgent = (configHash: string): Promise<AlarmConfiguration | undefined> => {
    let settle: (found?: AlarmConfiguration) => void = () => undefined;
    const answer = new Promise<AlarmConfiguration | undefined>((resolve) => {
      settle = (found) => {
        cancel();
        asked.delete(configHash);
        resolve(found);
      };
    });
    const cancel = clock.after(answerWithinMs, () => settle());
    asked.set(configHash, { answer, settle });
    link.send('SendAlarmConfiguration', { configHash });
    return answer;
  };

  return {
    async ask(configHash) {
      const known = kept.get(configHash) ?? asked.get(configHash)?.answer;
      if (known !== undefined) return known;
      return asked.size >= maxAsked ? undefined : askAgent(configHash);
    },
    provided({ configHash, config }) {
      const waiting = asked.get(configHash);
      if (waiting === undefined) return false;
      const known = config !== undefined && isSmall(config) ? config : undefined;
      if (known !== undefined && kept.size < maxKept) kept.set(configHash, known);
      waiting.settle(known);
      return true;
    },
    close() {
      for (const { settle } of asked.values()) settle();
    },
  };
}
