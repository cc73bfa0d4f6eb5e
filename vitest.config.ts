import { defineConfig } from 'vitest/config';

// `npm test` runs the unit project first, then the scenarios, which start real processes and need the build.
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: ['packages/{wire,agent,cloud,web}/src/**/*.test.ts', 'packages/test/src/house/**/*.test.ts'],
          testTimeout: 30_000,
        },
      },
      {
        test: {
          name: 'scenarios',
          include: ['packages/test/src/scenarios/**/*.test.ts'],
          testTimeout: 120_000,
          hookTimeout: 120_000,
          fileParallelism: false,
        },
      },
    ],
  },
});
