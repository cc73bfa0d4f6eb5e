import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { claimAtStart } from './claim-at-start.ts';
import { claimedWords } from './claim-command.ts';
import { directory, folder, log, sent, surroundings, token, url, useCommand } from './testing/command-world.ts';

useCommand();

test('a claim at start: its outcome is in the log, and it stops nothing', async () => {
  const claimThere = async (
    claimArguments: string[] | undefined,
    env: Record<string, string>,
  ): Promise<[number | undefined, string[], number]> => {
    const lines: string[] = [];
    let reloads = 0;
    const { config, patience, uid } = surroundings('[global]\nhostname = configured', env, {
      code: 0,
      out: [],
      err: [],
    });
    const reload = async (): Promise<void> => void (reloads += 1);
    const code = await claimAtStart({ config, uid, claimArguments, log: log(lines), reload, patience });
    return [code, lines, reloads];
  };
  expect(await claimThere(undefined, {})).toEqual([undefined, [], 0]);
  const [failed, reasons, none] = await claimThere([], {});
  expect([failed, none]).toEqual([1, 0]);
  expect(reasons.join('\n')).toMatch(/ERROR claim claim failed: There is no token/);
  const [code, lines, reloads] = await claimThere([`-token=${token}`, `-url=${url}`], {});
  expect([code, reloads]).toEqual([0, 1]);
  expect(lines).toContain(`INFO claim ${claimedWords}`);
  expect(lines.join()).not.toContain('CANARY');
  expect(sent()).toMatchObject({ node: { hostname: 'configured' } });
  // What is claimed already does not ask again because of the environment.
  expect(await claimThere(undefined, { NETDATA_CLAIM_TOKEN: token, NETDATA_CLAIM_URL: url })).toEqual([
    undefined,
    [],
    0,
  ]);
  rmSync(join(directory, 'claimed_id'));
  expect((await claimThere(undefined, { NETDATA_CLAIM_TOKEN: token, NETDATA_CLAIM_URL: url }))[0]).toBe(0);
  // claim.conf asks, too, and further options come from the environment.
  rmSync(join(directory, 'claimed_id'));
  writeFileSync(join(folder, 'claim.conf'), `[global]\ntoken = ${token}\nurl = ${url}\n`);
  const [byFile, words] = await claimThere(undefined, {
    NETDATA_EXTRA_CLAIM_OPTS: '-hostname="from options" -rooms=r',
  });
  expect(byFile).toBe(0);
  expect(words[0]).toContain('claim.conf');
  expect(sent()).toMatchObject({ node: { hostname: 'from options' }, rooms: ['r'] });
  rmSync(join(directory, 'claimed_id'));
  const [unclosed, faults] = await claimThere(undefined, { NETDATA_EXTRA_CLAIM_OPTS: '-hostname="x' });
  expect([unclosed, faults]).toEqual([undefined, [expect.stringContaining('NETDATA_EXTRA_CLAIM_OPTS is not closed')]]);
});
