import { randomBytes } from 'node:crypto';
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { StartError } from '../config/data-folder.ts';
import { openSeal } from './seal-key.ts';
import { CannotOpen, createSeal, sealKeyBytes } from './seal.ts';

const random = (bytes: number): Buffer => randomBytes(bytes);
const secret = Buffer.from('CANARY of the seal');

describe('a sealed value', () => {
  const seal = createSeal(random(sealKeyBytes), random);

  it('opens in its place, and looks different each time', () => {
    const [one, two] = [seal.close('totp ada', secret), seal.close('totp ada', secret)];
    expect(one).toMatch(new RegExp(`^v1\\.${seal.keyName}\\.[\\w-]+$`));
    expect(one).not.toBe(two);
    expect(seal.open('totp ada', one).equals(secret)).toBe(true);
    expect(seal.open('totp ada', seal.close('totp ada', Buffer.alloc(0)))).toHaveLength(0);
  });

  it('opens nowhere else, with no other key, and not when a single bit of it changed', () => {
    const box = seal.close('totp ada', secret);
    expect(() => seal.open('totp bob', box)).toThrow(CannotOpen);
    expect(() => createSeal(random(sealKeyBytes), random).open('totp ada', box)).toThrow(/another key/);
    const [version, name, body = ''] = box.split('.');
    const bytes = Buffer.from(body, 'base64url');
    for (let bit = 0; bit < bytes.length * 8; bit++) {
      const changed = Buffer.from(bytes);
      changed.writeUInt8(changed.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3);
      expect(() => seal.open('totp ada', `${version}.${name}.${changed.toString('base64url')}`)).toThrow(CannotOpen);
    }
    for (const text of ['', 'v1', `v1.${name}.`, `v1.${name}.AAAA`, `v2.${name}.${body}`, `${box}=`])
      expect(() => seal.open('totp ada', text)).toThrow(CannotOpen);
  });
});

describe('the key', () => {
  let folder: string;
  let keyFile: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'seal-'));
    keyFile = join(folder, 'seal.key');
  });
  afterEach(() => rmSync(folder, { recursive: true }));
  const open = (...boxes: string[]) =>
    openSeal({ keyFile, random, samples: [async () => undefined, ...boxes.map((box) => async () => box)] });

  it('is made once, private, and nothing is left beside it', async () => {
    // What a start left that was cut off by a power cut.
    writeFileSync(`${keyFile}.new`, 'half');
    const box = (await open()).close('place', secret);
    expect([readdirSync(folder), statSync(keyFile).mode & 0o777]).toEqual([['seal.key'], 0o600]);
    const before = readFileSync(keyFile, 'utf8');
    expect((await open(box)).open('place', box).equals(secret)).toBe(true);
    expect(readFileSync(keyFile, 'utf8')).toBe(before);
  });

  it('is not made anew while something is sealed with the one that is missing', async () => {
    const box = (await open()).close('place', secret);
    rmSync(keyFile);
    await expect(open(box)).rejects.toThrow(/seal\.key is missing while .* restore it from a backup\.$/);
    await expect(open(box)).rejects.toBeInstanceOf(StartError);
    expect(readdirSync(folder)).toEqual([]);
    await open();
    await expect(open(box)).rejects.toThrow(/another key/);
  });

  it('is refused when it is damaged or open to others', async () => {
    await open();
    chmodSync(keyFile, 0o640);
    await expect(open()).rejects.toThrow(/read by others; make it private: chmod 600/);
    chmodSync(keyFile, 0o600);
    const text = readFileSync(keyFile, 'utf8');
    for (const damaged of ['', text.slice(1), text.trim(), `${text}x`]) {
      writeFileSync(keyFile, damaged);
      await expect(open()).rejects.toThrow(/damaged/);
    }
  });
});
