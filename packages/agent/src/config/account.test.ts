import { expect, test } from 'vitest';
import { findInPasswd, isUserName, systemAccounts, userWords } from './account.ts';

const passwd = 'root:x:0:0:root:/root:/bin/bash\n# x\nbroken:x:a:1::/:\nnetdata:x:201:202::/:/bin/false\nno-gid:x:7\n';

test('a user is found by name or number', () => {
  expect(findInPasswd(passwd, 'netdata')).toEqual({ name: 'netdata', uid: 201, gid: 202 });
  expect(findInPasswd(passwd, 0)).toMatchObject({ name: 'root' });
  for (const nobody of ['201', 'broken', 'no-gid', '', 202, '# x'])
    expect(findInPasswd(passwd, nobody)).toBeUndefined();
});

test('names that getent would take for options or fields are not asked for', () => {
  for (const name of ['netdata', 'DOMAIN\\user', 'a.b@c', 'a b', 'machine$']) expect(isUserName(name)).toBe(true);
  for (const name of ['', '-s', 'a:b', 'a\nb', ' a', 'x'.repeat(300)]) expect(isUserName(name)).toBe(false);
});

test('the system answers, also for users that do not exist', async () => {
  expect(await systemAccounts(0)).toMatchObject({ name: 'root', uid: 0 });
  expect(await systemAccounts('root')).toMatchObject({ uid: 0 });
  expect(await systemAccounts('no-such-user-here')).toBeUndefined();
  expect(await systemAccounts('--help')).toBeUndefined();
  expect(await userWords(systemAccounts, 0)).toBe('root');
  expect(await userWords(systemAccounts, 3_999_999)).toBe('number 3999999');
});
