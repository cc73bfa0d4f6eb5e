// What a test file on a machine of its own starts from: the machine, a Cloud on it, and its agent, new for every test.

import { afterAll, afterEach, beforeAll, beforeEach, describe } from 'vitest';
import { createMachine, machineIsMissing, type Machine } from './namespace.ts';
import { cloudInside, type CloudInside } from './namespace-cloud.ts';
import { installedNode, type InstalledNode } from './namespace-node.ts';

export interface MachineWorld {
  machine: Machine;
  /** Serves https://app.netdata.cloud with the rooms room1 and room2; a test may put another in its place. */
  cloud: CloudInside;
  /** As an installer left it, not running. */
  node: InstalledNode;
}

/** The exact words of a success, alone on a line of stdout. */
export const success = 'Agent was successfully claimed.';
export const claimed = { code: 0, stdout: `${success}\n` };

/** The lines that `grep -E 'ACLK|claim|cloud'` does not find: of what is said about a claim there must be none. */
export const notFound = (text: string): string[] =>
  text.split('\n').filter((line) => line !== '' && !/ACLK|claim|cloud/.test(line));

/** Like `describe`; skipped with the reason in its title where no such machine can be made. The world is filled before the first test. */
export function describeOnMachine(title: string, tests: (world: MachineWorld) => void): void {
  const missing = machineIsMissing();
  const reason = missing === undefined ? '' : ` (${missing})`;
  describe.skipIf(missing !== undefined)(`${title}${reason}`, () => {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- filled before any test runs
    const world = {} as MachineWorld;
    beforeAll(async () => {
      world.machine = await createMachine();
      world.cloud = await cloudInside(world.machine);
      for (const name of ['room1', 'room2']) await world.cloud.room(name);
      world.node = installedNode(world.machine);
    });
    afterAll(() => world.machine.end());
    beforeEach(() => world.node.reinstall());
    afterEach(() => world.node.stop());
    tests(world);
  });
}
