import { defineConfig } from 'vitest/config';

const scenarios = 'packages/test/src/scenarios';
/** They wait for pages, for time-outs of proxies and for agents that try again, more than they compute; nothing that they promise is a short time. */
const waiting = `${scenarios}/{browser,doctor,matrix,proxies}*.test.ts`;
const patience = { testTimeout: 120_000, hookTimeout: 120_000 };

// `npm test` runs the unit project first, then the scenarios, which start real processes and need the build: those that wait two at a
// time, the others one by one (vitest puts what allows no other file beside it last).
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: ['packages/{wire,agent,cloud,web}/src/**/*.test.ts', 'packages/test/src/house/**/*.test.ts'],
          testTimeout: 30_000,
          maxWorkers: 2,
          sequence: { groupOrder: 1 },
        },
      },
      {
        test: {
          name: 'waiting',
          include: [waiting],
          ...patience,
          maxWorkers: 2,
          sequence: { groupOrder: 2 },
        },
      },
      {
        test: {
          name: 'scenarios',
          include: [`${scenarios}/**/*.test.ts`],
          exclude: [waiting],
          ...patience,
          fileParallelism: false,
        },
      },
    ],
  },
});
