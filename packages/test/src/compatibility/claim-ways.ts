// The ways in which an agent is claimed, each as its documentation has it.

import type { InstalledAgent } from './installed-agent.ts';

export interface ClaimOrder {
  token: string;
  url: string;
  /** As a setting has it: `none`, or `http://host:port`. */
  proxy: string;
  /** The certificate is not looked at. */
  insecure: boolean;
}

export interface ClaimWay {
  name: string;
  eras: readonly (1 | 2)[];
  /** The first version whose own daemon refuses it. */
  refusedSince?: string;
  /** The daemon is started by it, so that its command lasts until the agent answers. */
  restarts: boolean;
  /** Not a way of an order with a proxy or an unchecked certificate. */
  plainOnly?: boolean;
  /** Throws, with what the program said, when it does not succeed. */
  claim(agent: InstalledAgent, order: ClaimOrder): Promise<void>;
}

const script = (agent: InstalledAgent): string => `${agent.installation.folder}/usr/sbin/netdata-claim.sh`;

const scriptOptions = ({ token, url, proxy, insecure }: ClaimOrder, era: 1 | 2): string[] => [
  `-token=${token}`,
  `-url=${url}`,
  // The old script reads its folder of certificates and nothing of the environment when a proxy is named, also `none`.
  ...(proxy === 'none' && era === 1 ? ['-noproxy'] : proxy === 'none' ? [] : [`-proxy=${proxy}`]),
  ...(insecure ? ['-insecure'] : []),
];

const claimConf = ({ token, url, proxy, insecure }: ClaimOrder): string =>
  `[global]\n  url = ${url}\n  token = ${token}\n  proxy = ${proxy}\n  insecure = ${insecure ? 'yes' : 'no'}\n`;

export const claimWays: readonly ClaimWay[] = [
  {
    name: 'claim.conf',
    eras: [2],
    restarts: false,
    async claim(agent, order) {
      await agent.write('etc/claim.conf', claimConf(order));
      await agent.cli('reload-claiming-state');
    },
  },
  {
    name: 'netdata-claim.sh',
    eras: [1, 2],
    restarts: false,
    async claim(agent, order) {
      const { code, stdout, stderr } = await agent.run([script(agent), ...scriptOptions(order, agent.era)]);
      if (code !== 0) throw new Error(`netdata-claim.sh ended with ${code}: ${(stdout + stderr).slice(-500)}`);
    },
  },
  {
    name: 'environment',
    eras: [2],
    restarts: true,
    plainOnly: true,
    async claim(agent, { token, url }) {
      await agent.stop();
      await agent.start({ env: { NETDATA_CLAIM_TOKEN: token, NETDATA_CLAIM_URL: url } });
    },
  },
  {
    name: '/api/v3/claim',
    eras: [2],
    restarts: false,
    plainOnly: true,
    async claim(agent, { token, url }) {
      const key = (await agent.read('lib/netdata_random_session_id')).trim();
      const search = new URLSearchParams({ key, token, url });
      const { status, body } = await agent.get(`/api/v3/claim?${search}`);
      const { success, message } = JSON.parse(body) as { success?: boolean; message?: string };
      if (status !== 200 || success !== true) throw new Error(`/api/v3/claim answered ${status}: ${message}`);
    },
  },
  {
    name: 'netdata -W claim',
    eras: [1],
    // "Refusing to claim agent": it takes the Cloud for switched off until the claim that it refuses is there.
    refusedSince: 'v1.42',
    restarts: true,
    async claim(agent, order) {
      await agent.stop();
      await agent.start({ args: ['-W', `claim ${scriptOptions(order, 1).join(' ')}`] });
    },
  },
];

/** As after an installation: it knows of no claim. Daemons keep key and claim in memory until they are started again. */
export async function forgetClaim(agent: InstalledAgent): Promise<void> {
  await agent.stop();
  await agent.remove('lib/cloud.d/*');
  await agent.remove('etc/claim.conf');
  await agent.start();
}
