// What a check found, for programs and for people. Pure.

import { doctorRow, type DoctorCode } from '@claimstead/wire/doctor/codes';
import type { PassedHop } from '../dial/hop-timer.ts';
import type { Finding } from './finding.ts';

export interface Report {
  /** Everything would pass. */
  ok: boolean;
  /** URL of the Cloud that a claim would go to; null when none is known. */
  target: string | null;
  hops: readonly Finding[];
  /** Every code once, in the order of the way. */
  codes: readonly DoctorCode[];
}

export function makeReport(target: string | undefined, hops: readonly Finding[]): Report {
  const codes = [...new Set(hops.flatMap(({ code }) => (code === null ? [] : [code])))];
  return { ok: hops.every(({ ok }) => ok !== false), target: target ?? null, hops, codes };
}

/** Exit code of the claim that would meet this. */
export function exitCodeOf({ hops }: Report): number {
  const first = hops.find(({ ok }) => ok === false)?.code ?? null;
  return first === null ? 0 : doctorRow(first).exitCode;
}

const names: Readonly<Partial<Record<PassedHop['hop'], string>>> = {
  'key-pair': 'key pair',
  put: 'PUT',
  'claim-directory': 'claim.d',
  dns: 'DNS',
  tcp: 'TCP',
  tls: 'TLS',
  claim: 'verdict',
  websocket: 'WebSocket',
  mqtt: 'MQTT',
  'first-sample': 'first sample',
};
export const nameOfHop = (hop: string): string => names[hop as PassedHop['hop']] ?? hop;

/** A line for each hop, then what follows from it, then every fault with its remedy. */
export function reportLines(report: Report, remarks: readonly string[]): string[] {
  const faults = report.hops.filter(({ code }) => code !== null);
  return [
    `Check of a claim to ${report.target ?? 'a Cloud whose URL is not known'}`,
    ...report.hops.map(hopLine),
    '',
    verdict(report),
    ...faults.flatMap(faultLines),
    ...remarks.map((remark) => `Note: ${remark}.`),
  ];
}

function hopLine({ phase, hop, ok, ms, cause }: Finding): string {
  const mark = ok === null ? '–' : ok ? '✓' : '✗';
  const rest = ms !== null ? `${ms} ms` : ok === null ? (cause ?? '') : '';
  return `  ${mark} ${phase.padEnd(5)} ${nameOfHop(hop).padEnd(12)} ${rest}`.trimEnd();
}

function verdict({ hops }: Report): string {
  const passes = (phase: Finding['phase']): boolean => hops.every((hop) => hop.phase !== phase || hop.ok !== false);
  const would = (phase: Finding['phase']): string => (passes(phase) ? 'would pass' : 'would fail');
  if (passes('claim') === passes('link')) return `The claim and the link ${would('claim')}.`;
  return `The claim ${would('claim')}, the link ${would('link')}.`;
}

function faultLines({ phase, hop, code, cause, remedy }: Finding): string[] {
  const sentence = (text: string | null): string => {
    const trimmed = (text ?? '').replace(/\.$/, '');
    return `${trimmed.charAt(0).toUpperCase()}${trimmed.slice(1)}.`;
  };
  return [`${phase} at ${nameOfHop(hop)} [${code ?? ''}]: ${sentence(cause)}`, `  Remedy: ${sentence(remedy)}`];
}
