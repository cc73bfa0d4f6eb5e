import { expect, it } from 'vitest';
import { plainText } from './plain-text.ts';

it.each([
  ['web-1', 'web-1'],
  ['\u202egnp.exe', '\ufffdgnp.exe'],
  ['a\nb\u0000', 'a\ufffdb\ufffd'],
  ['a\ud800b', 'a\ufffdb'],
  [' \u3164', '\ufffd'],
  ['', ''],
  ['שרת-1', 'שרת-1'],
  ['👩\u200d🚀', '👩\u200d🚀'],
])('%j is shown as %j', (text, shown) => expect(plainText(text)).toBe(shown));
