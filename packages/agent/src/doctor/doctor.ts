// `netdata-claim.sh -check`: walks every hop that a claim and then the link would take, with their settings, and changes nothing.
// Reading order of this folder: doctor.ts, settings.ts, walk-claim.ts, walk-link.ts (the three parts of the way), finding.ts, report.ts
// (what is told), wait-for-live.ts (`-wait`: follows a claim until the node is live).

import type { DoctorParts } from './doctor-parts.ts';
import { Walk } from './finding.ts';
import { exitCodeOf, makeReport, reportLines } from './report.ts';
import { checkSettings } from './settings.ts';
import { walkClaim } from './walk-claim.ts';
import { walkLink } from './walk-link.ts';

/** Answers the exit code: 0 when a claim and the link would pass, else the one that the claim would end with. Never throws for what a person can put right. */
export async function runDoctor(parts: DoctorParts): Promise<number> {
  const { around, clock } = parts;
  const { cloud } = around.config;
  const claim = new Walk('claim');
  const link = new Walk('link');
  const settings = await checkSettings(parts, claim);
  await walkClaim(settings, clock, claim);
  await walkLink(settings, cloud, clock, link);
  const report = makeReport(settings.url, [...claim.findings, ...link.findings]);
  if (parts.json) around.say(JSON.stringify(report));
  else for (const line of reportLines(report, remarksOf(settings))) around.say(line);
  return exitCodeOf(report);
}

function remarksOf({ proxyWarning, claim, url }: Awaited<ReturnType<typeof checkSettings>>): string[] {
  const remarks = proxyWarning === undefined ? [] : [proxyWarning];
  if (claim.state === 'claimed' && claim.url !== undefined && claim.url !== url)
    remarks.push(`this node is claimed at ${claim.url}, which is where its link goes`);
  return remarks;
}
