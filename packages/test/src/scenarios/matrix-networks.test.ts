// The edge cases of a claim: what lies between the node and the Cloud. Every network here ends at the loopback interface of the machine.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { farAhead, lastYear, longAgo, makeCa } from '@claimstead/agent/claim/testing/certificates';
import { afterEach, expect, test } from 'vitest';
import { cloudNames, withVariables } from '../harness/namespace.ts';
import { cloudInside } from '../harness/namespace-cloud.ts';
import { in1970 } from '../harness/network.ts';
import { scriptedInside } from '../harness/namespace-scripted.ts';
import { claimed, describeOnMachine, notFound } from '../harness/namespace-world.ts';

const url = '-url=https://app.netdata.cloud';

/** Broken things on the machine: how each is made, mended again, and what the claim says about it. */
const breaks = [
  {
    title: 'the resolver is down',
    broken: `sed -i 's/ app.netdata.cloud//' /etc/hosts`,
    mended: `sed -i '1s/$/ app.netdata.cloud/' /etc/hosts`,
    sentence: /app\.netdata\.cloud.*(resolve|DNS|name)|(resolve|DNS|name).*app\.netdata\.cloud/i,
  },
  {
    title: 'there is no route',
    broken: `sed -i 's/ app.netdata.cloud//' /etc/hosts; echo '203.0.113.9 app.netdata.cloud' >>/etc/hosts
             ip route add unreachable 203.0.113.9/32`,
    mended: `ip route del unreachable 203.0.113.9/32; sed -i '/^203/d; 1s/$/ app.netdata.cloud/' /etc/hosts`,
    sentence: /cannot be reached|route/i,
  },
  {
    title: 'nobody listens there',
    broken: 'iptables -I INPUT -p tcp --dport 443 -j REJECT --reject-with tcp-reset',
    mended: 'iptables -D INPUT -p tcp --dport 443 -j REJECT --reject-with tcp-reset',
    sentence: /refuse/i,
  },
] as const;

describeOnMachine('what lies in between', (world) => {
  let mend = '';
  afterEach(async () => {
    if (mend !== '') await world.machine.must(mend);
    mend = '';
  });

  test.each(breaks)(
    'row 13: $title; the claim says which, the link tells when it tries again and heals by itself',
    async ({ broken, mended, sentence }) => {
      const { machine, cloud, node } = world;
      await node.start();
      const token = await cloud.token();
      await machine.must(broken);
      mend = mended;
      const refused = await node.claim(`-token=${token}`, url);
      expect(refused).toEqual({ code: 4, stdout: '', stderr: expect.stringMatching(sentence) });
      expect(notFound(refused.stderr)).toEqual([]);
      expect(await node.facts()).toBe('TTFF');
      await machine.must(mended);
      mend = '';
      expect(await cloud.nodes()).not.toContainEqual(expect.objectContaining({ machineGuid: await node.uid() }));

      expect(await node.claim(`-token=${token}`, url)).toMatchObject(claimed);
      const uid = await node.uid();
      await cloud.live(uid);
      await node.stop();
      await machine.must(broken);
      mend = mended;
      await node.restart();
      const line = await node.logged(/ACLK.*(again|retry|next).* in \d/i);
      expect(line).toMatch(sentence);
      expect(await node.facts()).toBe('TTTF');
      expect((await cloud.node(uid))?.state).toBe('offline');
      await machine.must(mended);
      mend = '';
      await node.become('TTTT');
      await cloud.live(uid);
    },
  );

  test('rows 13 and 14: packets are dropped, or a server never answers; both end within their deadline', async () => {
    const { machine, cloud, node } = world;
    const silent = await scriptedInside(machine, 8443, ['hang']);
    mend = 'iptables -D INPUT -p tcp --dport 8444 -j DROP';
    await machine.must('iptables -I INPUT -p tcp --dport 8444 -j DROP');
    try {
      await node.start();
      // No agent runs, so that the two may claim, and wait, at the same time from configurations of their own.
      const uid = await node.uid();
      await node.stop();
      const [dropped, unanswered] = await Promise.all(
        ['https://app.netdata.cloud:8444', silent.url].map(async (address, index) => {
          const config = `/tmp/config-${index}`;
          await machine.must(`install -d -o netdata -g netdata ${config} ${config}/claim.d`);
          const started = Date.now();
          const words = ['netdata-claim.sh', '-token=cst_canary', `-url=${address}`];
          const ended = await machine.run(words, { user: 'netdata', env: { NETDATA_USER_CONFIG_DIR: config } });
          return { ...ended, seconds: (Date.now() - started) / 1000 };
        }),
      );
      expect(dropped).toMatchObject({
        code: 4,
        stdout: '',
        stderr: expect.stringMatching(/claim.*(firewall|time|answer)/i),
      });
      expect(unanswered).toMatchObject({ code: 4, stdout: '', stderr: expect.stringMatching(/claim.*answer/i) });
      for (const seconds of [dropped?.seconds, unanswered?.seconds]) expect(seconds).toBeLessThan(35);
      expect(await cloud.node(uid)).toBeUndefined();
      // A daemon that claims at its start does not wait for it.
      await node.start({ args: ['-W', `claim -token=cst_canary -url=${silent.url}`] });
      expect(await node.facts()).toBe('TTFF');
      expect(await node.grep()).not.toMatch(/claim ended/);
      expect(await node.logged(/claim ended with code 4/)).toMatch(/answer/);
      expect(await node.facts()).toBe('TTFF');
    } finally {
      await silent.close();
    }
  }, 240_000);

  test('row 15: a certificate that is not trusted, expired or of another name is refused with that reason', async () => {
    const { machine, cloud, node } = world;
    const stranger = makeCa(machine.folder).issue('stranger', cloudNames, longAgo, farAhead);
    await node.start();
    for (const [certificate, sentence] of [
      [stranger, /cloud_fullchain\.pem/],
      [machine.ca.issue('expired', cloudNames, longAgo, lastYear), /expired/],
      [machine.ca.issue('elsewhere', 'DNS:elsewhere.example.com', longAgo, farAhead), /app\.netdata\.cloud/],
    ] as const) {
      const scripted = await scriptedInside(machine, 8443, [{ status: 204 }], certificate);
      const { code, stdout, stderr } = await node.claim('-token=cst_canary', `-url=${scripted.url}`);
      await scripted.close();
      expect({ code, stdout, stderr }).toEqual({ code: 4, stdout: '', stderr: expect.stringMatching(sentence) });
      expect(stderr).toMatch(/certificate/);
      expect(notFound(stderr)).toEqual([]);
      // The token was not sent to whoever that was.
      expect(scripted.cloud.requests).toEqual([]);
      expect(await node.facts()).toBe('TTFF');
    }
    expect(await cloud.node(await node.uid())).toBeUndefined();
  });

  test('row 15: the link refuses such a certificate, too, and heals when it is right', async () => {
    const { machine, node } = world;
    const stranger = makeCa(machine.folder);
    await node.start();
    expect(await node.claim(`-token=${await world.cloud.token()}`, url)).toMatchObject(claimed);
    const uid = await node.uid();
    await world.cloud.live(uid);
    try {
      for (const [name, { cert, key }, sentence] of [
        ['old', machine.ca.issue('old', cloudNames, longAgo, lastYear), /ACLK.*certificate.*expired/],
        ['elsewhere', machine.ca.issue('elsewhere', 'DNS:elsewhere.example.com', longAgo, farAhead), /ACLK.*certificate.*app\.netdata\.cloud/], // prettier-ignore
        [
          'foreign',
          stranger.issue('foreign', cloudNames, longAgo, farAhead),
          /ACLK.*certificate.*cloud_fullchain\.pem/,
        ],
      ] as const) {
        await world.cloud.process.stop();
        for (const [ending, pem] of Object.entries({ pem: cert, key }))
          writeFileSync(join(machine.folder, `${name}.${ending}`), pem, { mode: 0o600 });
        world.cloud = await cloudInside(machine, { certificate: name });
        await node.restart();
        expect(await node.logged(sentence)).toMatch(/ERROR.*next attempt in \d/);
        expect(await node.facts()).toBe('TTTF');
        expect((await world.cloud.node(uid))?.state).toBe('offline');
      }
    } finally {
      await world.cloud.process.stop();
      world.cloud = await cloudInside(machine);
    }
    await node.become('TTTT');
    await world.cloud.live(uid);
  });

  test('row 39: a clock in 1970 is named as the cause', async () => {
    const { machine, cloud, node } = world;
    const before = withVariables(await in1970(machine));
    await node.start();
    const words = ['netdata-claim.sh', `-token=${await cloud.token()}`, url];
    const refused = await machine.run([...before, ...words], { user: 'netdata' });
    expect(refused).toMatchObject({ code: 4, stdout: '', stderr: expect.stringMatching(/claim.*clock/) });
    expect(await cloud.node(await node.uid())).toBeUndefined();
    expect(await node.claim(...words.slice(1))).toMatchObject(claimed);
    const uid = await node.uid();
    await cloud.live(uid);
    await node.stop();
    await node.restart(before);
    await node.logged(/ACLK.*clock/);
    expect(await node.facts()).toBe('TTTF');
    expect((await cloud.node(uid))?.state).toBe('offline');
  });
});
