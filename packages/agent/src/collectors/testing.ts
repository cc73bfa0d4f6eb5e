// Collectors under test: a machine made of files, ticks driven by hand.

import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { Collector } from '../collect/collector.ts';
import { ProcFiles } from '../collect/proc-file.ts';
import { CollectorRunner } from '../collect/runner.ts';
import { MetricStore } from '../metrics/store.ts';

export class TestMachine {
  readonly root = mkdtempSync(join(tmpdir(), 'machine-'));
  readonly store = new MetricStore({ retentionSeconds: 3600, maxDimensions: 4000, onBoundHit: () => undefined });
  readonly failures: string[] = [];
  readonly runner: CollectorRunner;
  #second = 1_795_000_000;

  /** Goes away with the test. `from` is a folder to start with. */
  constructor(collectors: (store: MetricStore, files: ProcFiles) => Collector[], from?: string) {
    if (from !== undefined) cpSync(from, this.root, { recursive: true });
    const files = new ProcFiles(this.root);
    onTestFinished(() => {
      files.closeAll();
      rmSync(this.root, { recursive: true });
    });
    this.runner = new CollectorRunner({
      collectors: collectors(this.store, files),
      store: this.store,
      log: { info: () => undefined, error: (_, text) => this.failures.push(text) },
      monotonic: () => this.#second * 1000,
    });
  }

  write(path: string, text: string): void {
    const file = join(this.root, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }

  remove(path: string): void {
    rmSync(join(this.root, path), { recursive: true, force: true });
  }

  /** One second later. */
  async tick(): Promise<void> {
    this.#second++;
    this.runner.run(this.#second);
    await this.runner.settle();
  }

  /** The newest samples of a chart, by dimension name, as single-precision numbers; {} where it has none. */
  latest(chartId: string): Record<string, number> {
    const chart = this.store.chart(chartId);
    const slot = Math.floor(this.#second / (chart?.shape.updateEverySeconds ?? 1));
    const entries = (chart?.dimensions ?? []).map(({ name, ring }): [string, number] => [name, ring.read(slot)]);
    return Object.fromEntries(entries.filter(([, value]) => !Number.isNaN(value)));
  }
}
