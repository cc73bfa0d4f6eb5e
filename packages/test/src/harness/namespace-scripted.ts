// A Cloud on a machine that answers as a test tells it, or that only counts who comes.

import { ScriptedCloud, type ScriptedAnswer } from '@claimstead/agent/claim/testing/scripted-cloud';
import { farAhead, longAgo, type Certificate } from '@claimstead/agent/claim/testing/certificates';
import { cloudNames, type Machine } from './namespace.ts';

export interface ScriptedInside {
  readonly url: string;
  readonly cloud: ScriptedCloud;
  close(): Promise<void>;
}

/** Listens on `port` of https://app.netdata.cloud; the last answer of the script is given to all further requests. */
export async function scriptedInside(
  machine: Machine,
  port: number,
  script: ScriptedAnswer[],
  certificate: Certificate = goodCertificate(machine),
): Promise<ScriptedInside> {
  const cloud = new ScriptedCloud(certificate, script);
  const bridge = await machine.offer(await cloud.listen(), port);
  return {
    url: `https://app.netdata.cloud:${port}`,
    cloud,
    async close() {
      await bridge.close();
      await cloud.close();
    },
  };
}

const issued = new WeakMap<Machine, Certificate>();

function goodCertificate(machine: Machine): Certificate {
  const certificate = issued.get(machine) ?? machine.ca.issue('scripted', cloudNames, longAgo, farAhead);
  issued.set(machine, certificate);
  return certificate;
}
