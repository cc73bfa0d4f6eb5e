import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { wireHistory, wireVersion } from './version.ts';
import { topicTemplates } from './link/topics.ts';

const protoFolder = fileURLToPath(new URL('../proto/link/v1', import.meta.url));

function shapes(): string {
  const protos = readdirSync(protoFolder)
    .toSorted()
    .map((name) =>
      readFileSync(`${protoFolder}/${name}`, 'utf8')
        .replace(/\/\/.*$/gm, '')
        .replace(/\s+/g, ' '),
    );
  return createHash('sha256')
    .update(JSON.stringify([protos, topicTemplates]))
    .digest('hex')
    .slice(0, 16);
}

// One hash per version, for ever: a change of a message or topic needs a new version with a line in `wireHistory`.
const lock: Record<number, string> = { 1: '99362675d8c89a62', 2: '6bc78cc37e059d0b' };

test('the shapes on the wire change only with the version', () => {
  expect(lock[wireVersion]).toBe(shapes());
  expect(Object.keys(lock)).toHaveLength(wireHistory.length);
});
