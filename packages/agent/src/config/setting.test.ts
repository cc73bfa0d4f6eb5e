import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { loadConfig, type ConfigSources } from './load.ts';
import type { Override } from './netdata-conf.ts';
import { parseSettingName, readEffectiveSetting, readSetting, SettingError, writeSetting } from './setting.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'setting-'));
  mkdirSync(join(folder, 'claim.d'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const sources = (overrides: Override[] = []): ConfigSources => ({
  env: { NETDATA_USER_CONFIG_DIR: folder, NETDATA_LIB_DIR: '/some/lib' },
  overrides,
  configFile: undefined,
  installationFile: undefined,
});
const effective = (name: string): Promise<string | undefined> =>
  readEffectiveSetting(parseSettingName(name, false), sources(), loadConfig(sources()));
const write = (assignment: string): Promise<string> =>
  writeSetting(parseSettingName(assignment, true), loadConfig(sources()));

test('names are CONF|SECTION|KEY, and a value may hold anything', () => {
  expect(parseSettingName(' cloud | global| a b ', false)).toEqual({
    conf: 'cloud',
    section: 'global',
    key: 'a b',
    value: '',
  });
  expect(parseSettingName('netdata|s|k|a|b  c', true)).toMatchObject({ value: 'a|b  c' });
  expect(parseSettingName('netdata.conf|s|k|', true)).toMatchObject({ conf: 'netdata', value: '' });
  for (const text of ['', 'cloud', 'cloud|global', 'cloud||k', 'cloud|s|k|v', 'health|s|k'])
    expect(() => parseSettingName(text, false)).toThrow(SettingError);
  expect(() => parseSettingName('cloud|s|k', true)).toThrow('then |VALUE');
});

test('a setting is what counts: file, default, directories as they are; a password is not shown', async () => {
  writeFileSync(
    join(folder, 'netdata.conf'),
    '[cloud]\nproxy = http://u:CANARY@h:1\n[x]\ny = z w\nproxy = u:CANARY@h:1\n',
  );
  writeFileSync(join(folder, 'claim.d', 'cloud.conf'), '[global]\ncloud base url = https://c\n');
  expect(await effective('netdata|cloud|proxy')).toBe('http://***@h:1');
  expect(await effective('netdata|x|y')).toBe('z w');
  expect(await effective('netdata|x|proxy')).toBe('***@h:1');
  expect(await effective('netdata|cloud|cloud base url')).toBe('https://netdata.cloud');
  expect(await effective('netdata|directories|config')).toBe(folder);
  expect(await effective('netdata|directories|lib')).toBe('/some/lib');
  expect(await effective('netdata|x|constructor')).toBeUndefined();
  expect(await effective('cloud|global|cloud base url')).toBe('https://c');
  expect(await effective('cloud|cloud|proxy')).toBeUndefined();
});

test('the command line stands in for either file', async () => {
  const override: Override = { conf: 'cloud', section: 'global', key: 'proxy', value: 'none', option: '-W set2' };
  expect(await readSetting({ conf: 'cloud', section: 'global', key: 'proxy' }, sources([override]))).toBe('none');
  expect(await readSetting({ conf: 'netdata', section: 'cloud', key: 'proxy' }, sources([override]))).toBe('none');
  expect(await readSetting({ conf: 'netdata', section: 'cloud', key: 'other' }, sources([override]))).toBeUndefined();
});

test('writing changes one value, keeps the mode, and says when it counts', async () => {
  const file = join(folder, 'netdata.conf');
  writeFileSync(file, '# mine\n[cloud]\n\tproxy = none # no proxy\n');
  chmodSync(file, 0o604);
  expect(await write('netdata|cloud|proxy|socks5h://h:1')).toContain('netdatacli reload-claiming-state');
  expect(readFileSync(file, 'utf8')).toBe('# mine\n[cloud]\n\tproxy = socks5h://h:1 # no proxy\n');
  expect(statSync(file).mode & 0o777).toBe(0o604);
  expect(await write('netdata|global|hostname|a  b')).toContain('restarted');
  expect(await effective('netdata|global|hostname')).toBe('a  b');
  expect(await write('netdata|nonsense|k|v')).toContain('knows no setting [nonsense] k');
  expect(await write('cloud|global|note|x')).toContain(join('claim.d', 'cloud.conf'));
});

test('what would not be read back is not written', async () => {
  await expect(write('netdata|web|bind to|a # b')).rejects.toThrow('cannot stand in');
  rmSync(join(folder, 'claim.d'), { recursive: true });
  await expect(write('cloud|global|k|v')).rejects.toThrow(/Cannot write .*cloud\.conf \(ENOENT\)/);
});

test('a netdata.conf that is a link is changed where it leads', async () => {
  const target = join(folder, 'managed.conf');
  writeFileSync(target, '[x]\ny = old\n');
  symlinkSync(target, join(folder, 'netdata.conf'));
  await write('netdata|x|y|new');
  expect(readlinkSync(join(folder, 'netdata.conf'))).toBe(target);
  expect(readFileSync(target, 'utf8')).toBe('[x]\ny = new\n');
});
