// What a walk finds: one line per hop, and why it is not as it should be.

import { isIP } from 'node:net';
import { doctorRow, type DoctorCode, type DoctorHop } from '@claimstead/wire/doctor/codes';
import type { Proxy } from '../config/proxy.ts';
import { DialError } from '../dial/dial-error.ts';
import { LinkError } from '../link/link-error.ts';

export type Phase = 'claim' | 'link';

/** As `-check -json` prints it. */
export interface Finding {
  phase: Phase;
  hop: DoctorHop;
  /** null: not tried, because an earlier hop failed or there is nothing to try it with; `cause` says which. */
  ok: boolean | null;
  /** null for what takes no time, and for what failed. */
  ms: number | null;
  /** These are null when all is well. A hop that is `ok` and has a code was passed with a remark. */
  code: DoctorCode | null;
  cause: string | null;
  remedy: string | null;
}

/** Collects the findings of one phase. */
export class Walk {
  readonly findings: Finding[] = [];
  readonly #phase: Phase;

  constructor(phase: Phase) {
    this.#phase = phase;
  }

  get hasFailed(): boolean {
    return this.findings.some(({ ok }) => ok === false);
  }

  pass(hop: DoctorHop, ms: number | null): void {
    const rounded = ms === null ? null : Math.round(ms * 10) / 10;
    this.#add({ hop, ok: true, ms: rounded, code: null, cause: null, remedy: null });
  }

  /** `cause`: undefined for the words of the table. */
  fail(hop: DoctorHop, code: DoctorCode, cause?: string, remedy?: string): void {
    const row = doctorRow(code);
    this.#add({ hop, ok: row.exitCode === 0, ms: null, code, cause: cause ?? row.cause, remedy: remedy ?? row.remedy });
  }

  /** `hop` is where something was waited for; an error of the way to it counts for the way. */
  failBy(error: unknown, hop: DoctorHop): void {
    const dial = error instanceof LinkError ? error.cause : error;
    if (dial instanceof DialError)
      return this.fail(dial.hop === 'answer' ? hop : dial.hop, dial.code, dial.cause, dial.remedy);
    const link = LinkError.from(hop, error, 'not-a-cloud');
    const at = link.hop === undefined || link.hop === 'answer' ? hop : link.hop;
    this.fail(at, link.code ?? 'not-a-cloud', link.message);
  }

  skip(hop: DoctorHop, why: string): void {
    this.#add({ hop, ok: null, ms: null, code: null, cause: why, remedy: null });
  }

  /** Everything of `hops` that nothing was found about, because of what failed before. */
  skipRest(hops: readonly DoctorHop[]): void {
    for (const hop of hops) if (!this.findings.some((known) => known.hop === hop)) this.skip(hop, 'not tried');
  }

  #add(finding: Omit<Finding, 'phase'>): void {
    this.findings.push({ phase: this.#phase, ...finding });
  }
}

/** The stations between this node and TLS with `host`. */
export function wayOf(host: string, proxy: Proxy): DoctorHop[] {
  const dns: DoctorHop[] = isIP(host) === 0 ? ['dns'] : [];
  if (proxy.kind === 'direct') return [...dns, 'tcp', 'tls'];
  return [...(proxy.kind === 'socks5' ? dns : []), 'proxy', 'tls'];
}
