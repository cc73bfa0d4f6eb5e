// The rules inside the scripts that run before anything is installed: which Node may run us, and what counts as green.

import { describe, expect, it } from 'vitest';
import { read } from './repository.ts';

/** The scripts are plain JavaScript, so their shapes are stated here. */
interface Results {
  countResults(report: unknown, exitCode: number): { passed: number; failed: number; skipped: number };
  closingLine(counts: { passed: number; failed: number; skipped: number }): string;
}
interface NodeVersion {
  supportedNodes: string;
  isSupportedNode(version: string): boolean;
}
const load = async <T>(name: string): Promise<T> =>
  (await import(new URL(`../../../../scripts/lib/${name}.mjs`, import.meta.url).href)) as T;

describe('node-version', async () => {
  const { isSupportedNode, supportedNodes } = await load<NodeVersion>('node-version');

  it('names the range that package.json names', () => {
    const manifest = JSON.parse(read('package.json')) as { engines: { node: string } };
    expect(supportedNodes).toBe(manifest.engines.node);
  });

  it('takes long-term lines from the first good release on', () => {
    const verdicts = ['18.20.4', '20.19.9', '20.20.0', '21.7.3', '22.13.1', '22.14.0', '23.11.0', '24.0.0', '26.1.0'];
    expect(verdicts.filter(isSupportedNode)).toEqual(['20.20.0', '22.14.0', '24.0.0', '26.1.0']);
  });
});

describe('results', async () => {
  const { countResults, closingLine } = await load<Results>('results');
  const report = (numPassedTests: number, testResults: unknown[] = []): object => ({
    numPassedTests,
    numFailedTests: 0,
    numPendingTests: 2,
    numTodoTests: 1,
    testResults,
  });

  it('counts what vitest reports', () => {
    expect(closingLine(countResults(report(7), 0))).toBe('7 passed, 0 failed, 3 skipped');
  });

  it('counts a file that does not load as a failure', () => {
    expect(countResults(report(7, [{ status: 'failed', assertionResults: [] }]), 1).failed).toBe(1);
  });

  it('is never green when nothing ran, or when the run ended badly', () => {
    expect(countResults(undefined, 0).failed).toBe(1);
    expect(countResults(report(0), 0).failed).toBe(1);
    expect(countResults(report(7), 1).failed).toBe(1);
  });
});
