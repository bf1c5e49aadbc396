import type { ReadAccess, ReadState, Role } from '@voxcord/schemas/api';
import { describe, expect, test } from 'vitest';
import { projectRights, readRights, roleIn } from '../../src/access/matrix.js';

const ROLES: readonly Role[] = ['viewer', 'reader', 'adjudicator', 'manager'];
const STATES: readonly ReadState[] = ['open', 'submitted'];

function rights(role: Role | null, access: ReadAccess, state: ReadState, isOwn: boolean): string {
  const read = { access, state, reader: { username: isOwn ? 'me' : 'somebody' } };
  const { mayView, mayWrite } = readRights(role, read, 'me');
  return `${mayView ? 'view' : ''}${mayWrite ? '+write' : ''}`;
}

describe('role x state', () => {
  test.each([
    ['viewer', 'view', 'view'],
    ['reader', 'view+write', 'view'],
    ['adjudicator', 'view+write', 'view'],
    ['manager', 'view+write', 'view']
  ] as const)('a shared read, for a %s: open %s, submitted %s', (role, open, submitted) => {
    for (const isOwn of [true, false]) {
      expect(rights(role, 'shared', 'open', isOwn)).toBe(open);
      expect(rights(role, 'shared', 'submitted', isOwn)).toBe(submitted);
    }
  });

  test.each([
    ['viewer', 'view', 'view'],
    ['reader', 'view+write', 'view'],
    ['adjudicator', 'view+write', 'view'],
    ['manager', 'view+write', 'view']
  ] as const)('the own blind read, for a %s: open %s, submitted %s', (role, open, submitted) => {
    expect(rights(role, 'blind', 'open', true)).toBe(open);
    expect(rights(role, 'blind', 'submitted', true)).toBe(submitted);
  });

  test("somebody else's blind read does not exist, for any role in any state", () => {
    for (const role of ROLES) for (const state of STATES) expect(rights(role, 'blind', state, false)).toBe('');
  });

  test('without a role nothing exists, not even what is one’s own', () => {
    for (const access of ['shared', 'blind'] as const) {
      for (const state of STATES)
        for (const isOwn of [true, false]) expect(rights(null, access, state, isOwn)).toBe('');
    }
  });

  test('everybody but viewers may start cases and reads', () => {
    expect(ROLES.filter(role => projectRights(role).mayStartCase)).toEqual(['reader', 'adjudicator', 'manager']);
    expect(ROLES.filter(role => projectRights(role).mayStartRead)).toEqual(['reader', 'adjudicator', 'manager']);
  });
});

test('a membership counts before the role of everybody, also when it is less', () => {
  const members = [
    { username: 'anna', role: 'manager' },
    { username: 'bob', role: 'viewer' }
  ] as const;
  expect(roleIn({ members, everyone: 'reader' }, 'anna')).toBe('manager');
  expect(roleIn({ members, everyone: 'reader' }, 'bob')).toBe('viewer');
  expect(roleIn({ members, everyone: 'reader' }, 'carl')).toBe('reader');
  expect(roleIn({ members, everyone: null }, 'carl')).toBe(null);
});
