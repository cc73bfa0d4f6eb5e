// The settings, files and questions that the documentation of claiming names, and what each of them promises.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeCa, farAhead, longAgo } from '@claimstead/agent/claim/testing/certificates';
import { expect, test } from 'vitest';
import { cloudNames } from '../harness/namespace.ts';
import { cloudInside } from '../harness/namespace-cloud.ts';
import { claimFolder } from '../harness/namespace-node.ts';
import { claimed, describeOnMachine } from '../harness/namespace-world.ts';
import {
  cloudSwitch,
  errorLog,
  fillIn,
  filterOfDockerLogs,
  keysOfInfo,
  proxyExamples,
  reload,
  throughProxy,
  trailingCommandOfDockerRun,
  unclaim,
  withoutProxy,
  withSudo,
} from './seed/commands.ts';

describeOnMachine('settings and files as documented', (world) => {
  test('both proxy examples are pasted as they are; claim and link go through the proxy that is named there', async () => {
    const { machine, cloud, node } = world;
    // The addresses of the examples exist on this machine.
    await machine.must(`ip address add 203.0.113.0/32 dev lo; echo '203.0.113.0 proxy.example.com' >>/etc/hosts`);
    const proxy = machine.start(['microsocks', '-i', '203.0.113.0', '-p', '1080']);
    try {
      await node.start({ conf: proxyExamples });
      const block = fillIn(throughProxy, { token: await cloud.token() });
      expect(await machine.shell(block, { user: 'netdata' })).toMatchObject(claimed);
      const { rooms } = await cloud.live(await node.uid());
      expect(rooms).toEqual(expect.arrayContaining(['room1', 'room2']));
      // Of a key that is given twice the last counts, and the comment behind a value is none of it.
      expect(JSON.parse((await node.cli('aclk-state', 'json')).stdout)).toMatchObject({
        proxy: 'socks5h://proxy.example.com:1080',
      });
      const connections = proxy.stderr().match(/connected to app\.netdata\.cloud:443/g) ?? [];
      expect(connections.length).toBeGreaterThanOrEqual(2);
    } finally {
      await proxy.stop();
    }
  });

  test('proxy = none beats whatever the environment says, and so does no setting at all', async () => {
    const { machine, cloud, node } = world;
    const dead = 'http://127.0.0.1:9';
    const env = { http_proxy: dead, https_proxy: dead, HTTPS_PROXY: dead, ALL_PROXY: dead, socks_proxy: dead };
    for (const conf of [withoutProxy, '']) {
      await node.start({ conf, env });
      const block = fillIn(withSudo.replace('sudo ', ''), { token: await cloud.token() });
      expect(await machine.shell(block, { user: 'netdata', env })).toMatchObject(claimed);
      await cloud.live(await node.uid());
      await node.reinstall();
    }
  });

  test('nothing has to reach the node: it opens one connection, and is live through that', async () => {
    const { machine, cloud, node } = world;
    const { pid } = await node.start();
    const uid = await node.uid();
    await machine.must('iptables -I INPUT -p tcp --syn ! --dport 443 -j DROP');
    try {
      const block = fillIn(withSudo, { token: await cloud.token() });
      expect(await machine.shell(block, { user: 'ada' })).toMatchObject(claimed);
      const { nodeId } = await cloud.live(uid);
      expect(JSON.parse(await cloud.ok('query', nodeId, '/api/v1/info'))).toMatchObject({
        uid,
        'aclk-available': true,
      });
      const itsOwn = (await machine.must('ss -Htanp')).split('\n').filter((line) => line.includes(`pid=${pid},`));
      expect(itsOwn.filter((line) => !/^LISTEN.*:19999\b/.test(line))).toEqual([
        expect.stringMatching(/^ESTAB.* \S+:443\b/),
      ]);
    } finally {
      await machine.must('iptables -D INPUT -p tcp --syn ! --dport 443 -j DROP');
    }
  });

  test('the four keys of /api/v1/info are there, and are true or false', async () => {
    const { machine, node } = world;
    await node.start();
    const { stdout } = await machine.run(['curl', '--silent', 'http://localhost:19999/api/v1/info']);
    const info = JSON.parse(stdout) as Record<string, unknown>;
    const keys = [...keysOfInfo.matchAll(/"(.+)"/g)].map(([, key = '']) => key);
    expect(keys.map((key) => info[key])).toEqual([true, true, false, false]);
  });

  test('an agent that is not claimed sends nothing anywhere, not even a question for the name of a Cloud', async () => {
    const { machine, cloud, node } = world;
    const conf = '[cloud]\n  cloud base url = https://cloud.example.com\n  proxy = socks5h://proxy.example.net:1080\n';
    // Counts what leaves for a resolver, and every new connection but those of the tests to the agent's own page.
    await machine.must(`iptables -N SPOKEN; iptables -A SPOKEN -p udp --dport 53; iptables -A SPOKEN -p tcp --syn ! --dport 19999
      iptables -I OUTPUT -j SPOKEN`);
    const spoken = async (): Promise<number[]> =>
      [...(await machine.must('iptables -L SPOKEN -n -v -x')).matchAll(/^ +(\d+) +\d+ /gm)].map(([, count]) =>
        Number(count),
      );
    try {
      await node.start({ conf });
      for (let time = 0; time < 3; time++) expect((await node.cli('reload-claiming-state')).code).toBe(0);
      await node.restart();
      expect(await spoken()).toEqual([0, 0]);
      // The counters count: a claim is the first that is heard of this node.
      await node.claim(`-token=${await cloud.token()}`, '-proxy=none');
      expect((await spoken())[0]).toBeGreaterThan(0);
    } finally {
      await machine.must('iptables -D OUTPUT -j SPOKEN; iptables -F SPOKEN; iptables -X SPOKEN');
    }
  });

  test('the switch is understood as it is spelt', async () => {
    const { node } = world;
    await node.start({ conf: cloudSwitch });
    expect(await node.facts()).toBe('TTFF');
    await node.stop();
    await node.start({ conf: cloudSwitch.replace('enable', 'disable') });
    expect(await node.facts()).toBe('FTFF');
  });

  test('less shows the log and ends with q; grep finds the lines of the link', async () => {
    const { machine, cloud, node } = world;
    await node.start();
    expect(await machine.shell(fillIn(withSudo, { token: await cloud.token() }), { user: 'ada' })).toMatchObject(
      claimed,
    );
    await cloud.live(await node.uid());
    const [less = '', grep = ''] = errorLog.trim().split('\n');
    const shown = await machine.shell(less, { user: 'netdata', terminal: true, input: 'q', env: { TERM: 'xterm' } });
    expect(shown.stdout).toContain('netdata INFO');
    expect(shown.code).toBe(0);
    const found = await machine.shell(grep, { user: 'netdata' });
    expect({ code: found.code, hits: /ACLK/.test(found.stdout) }).toEqual({ code: 0, hits: true });
  });

  test('a claim that fails at start stops nothing, and the filter for container logs names the cause', async () => {
    const { machine, node } = world;
    const words = fillIn(trailingCommandOfDockerRun, { token: 'cst_nobody-made-this' });
    const daemon = machine.start(['bash', '-c', `exec ${words}`], { user: 'netdata' });
    try {
      await node.logged(/claim ended with code/);
      const found = await machine.must(filterOfDockerLogs, { input: await node.errorLog() });
      expect(found).toMatch(/claim failed: .*token/);
      expect(found).not.toContain('cst_nobody');
      expect(await node.facts()).toBe('TTFF');
      expect(daemon.child.exitCode).toBeNull();
    } finally {
      await daemon.stop();
    }
  });

  test('token and rooms in claim.d are the defaults; the token goes, the rooms stay', async () => {
    const { machine, cloud, node } = world;
    await node.start();
    await machine.must(
      `printf '%s\\n' "$TOKEN" >token && echo room1,room2 >rooms`.replaceAll(/>/g, `>${claimFolder}/`),
      {
        user: 'netdata',
        env: { TOKEN: await cloud.token() },
      },
    );
    expect(
      await machine.run(['netdata-claim.sh', '-url=https://app.netdata.cloud'], { user: 'netdata' }),
    ).toMatchObject(claimed);
    const { rooms } = await cloud.live(await node.uid());
    expect(rooms).toEqual(expect.arrayContaining(['room1', 'room2']));
    const files = (await machine.must(`ls ${claimFolder}`)).split('\n');
    expect(files).toContain('rooms');
    expect(files).not.toContain('token');
  });

  test('a claim that is put there by hand counts after the reload, and one that is taken away does not', async () => {
    const { machine, cloud, node } = world;
    await node.start();
    expect(await machine.shell(fillIn(withSudo, { token: await cloud.token() }), { user: 'ada' })).toMatchObject(
      claimed,
    );
    const uid = await node.uid();
    await cloud.live(uid);
    await node.stop();
    await machine.must(`mv ${claimFolder}/claimed_id /tmp/`);
    await node.start();
    expect(await node.facts()).toBe('TTFF');
    await machine.must(`mv /tmp/claimed_id ${claimFolder}/`);
    expect((await machine.shell(reload, { user: 'netdata' })).code).toBe(0);
    expect((await node.facts()).slice(0, 3)).toBe('TTT');
    await cloud.live(uid);
    await node.become('TTTT');
    await machine.must(`rm ${claimFolder}/claimed_id`);
    expect((await machine.shell(reload, { user: 'netdata' })).code).toBe(0);
    expect(await node.facts()).toBe('TTFF');
  });

  test('deleting claim.d and restarting ends the claim, and the Cloud removes the node', async () => {
    const { machine, cloud, node } = world;
    await node.start();
    expect(await machine.shell(fillIn(withSudo, { token: await cloud.token() }), { user: 'ada' })).toMatchObject(
      claimed,
    );
    const uid = await node.uid();
    await cloud.live(uid);
    await node.become('TTTT');
    await machine.must(unclaim);
    const service = await node.restart();
    expect(await node.facts()).toBe('TTFF');
    await cloud.gone(uid);
    expect(service.child.exitCode).toBeNull();
    // The id is free again: the same machine is claimed anew, by root, because the folder of the configuration is root's.
    expect(await machine.shell(fillIn(withSudo, { token: await cloud.token() }), { user: 'ada' })).toMatchObject(
      claimed,
    );
    await cloud.live(uid);
  });

  test('cloud_fullchain.pem makes claim and link trust a Cloud with an authority of its own', async () => {
    const { machine, node } = world;
    await world.cloud.process.stop();
    const own = makeCa(machine.folder);
    const { cert, key } = own.issue('own', cloudNames, longAgo, farAhead);
    writeFileSync(join(machine.folder, 'own.pem'), cert);
    writeFileSync(join(machine.folder, 'own.key'), key, { mode: 0o600 });
    const cloud = await cloudInside(machine, { certificate: 'own' });
    world.cloud = cloud;
    await node.start();
    const block = fillIn(withSudo, { token: await cloud.token() });
    const refused = await machine.shell(block, { user: 'ada' });
    expect({ code: refused.code, stdout: refused.stdout }).toEqual({ code: 4, stdout: '' });
    expect(refused.stderr).toMatch(/claim.*cloud_fullchain\.pem/);
    expect(await cloud.node(await node.uid())).toBeUndefined();
    await machine.must(`cat >${claimFolder}/cloud_fullchain.pem`, { user: 'netdata', input: own.ca });
    expect(await machine.shell(block, { user: 'ada' })).toMatchObject(claimed);
    await cloud.live(await node.uid());
    await node.become('TTTT');
  });
});
