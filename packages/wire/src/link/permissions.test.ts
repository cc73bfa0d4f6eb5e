import { expect, test } from 'vitest';
import { missingPermissions, permissionMask, readPermissions, rolePermissions } from './permissions.ts';

test.each([
  [undefined, 0x01b],
  ['7ff', 0x7ff],
  ['0x1B', 0x01b],
  ['ffffffff', 0x7ff],
  ['0', 0],
  ['', 0],
  ['-1', 0],
  ['1b, 7ff', 0],
  ['admin', 0],
  ['1b 7ff', 0],
  ['fffffffff', 0],
])('%j is read as %d', (header, mask) => expect(readPermissions(header)).toBe(mask));

test('a member is who is signed in, of the Space, and sees data', () => {
  const member = ['signed-in', 'same-space', 'anonymous-data', 'sensitive-data'] as const;
  expect(permissionMask(member)).toBe(rolePermissions.member);
  expect(missingPermissions([...member, 'edit-config'], rolePermissions.member)).toEqual(['edit-config']);
});
