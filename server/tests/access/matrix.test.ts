import type { ReadAccess, ReadPurpose, ReadState, Role } from '@voxcord/schemas/api';
import { describe, expect, test } from 'vitest';
import { CaseReads, type ReadInCase } from '../../src/access/caseReads.js';
import {
  meetsOthers,
  projectRights,
  readRights,
  roleIn,
  type ReadRights,
  type Situation,
  type Standing,
  type WayOfWork
} from '../../src/access/matrix.js';

const ROLES: readonly Role[] = ['viewer', 'reader', 'adjudicator', 'manager'];
const STATES: readonly ReadState[] = ['assigned', 'open', 'submitted'];
const ACCESS: readonly ReadAccess[] = ['shared', 'visible', 'blind'];
const PURPOSES: readonly ReadPurpose[] = ['reading', 'adjudication', 'model'];
const WAYS: readonly WayOfWork[] = ['free', 'visible', 'blind'];
const STANDINGS: readonly Standing[] = ['free', 'blinded', 'bound'];
const BOTH = [true, false] as const;

/** Every situation that there can be. */
const ALL: readonly Situation[] = ROLES.flatMap(role =>
  WAYS.flatMap(way =>
    STATES.flatMap(state =>
      ACCESS.flatMap(access =>
        PURPOSES.flatMap(purpose =>
          STANDINGS.flatMap(standing =>
            (['own', 'other'] as const).flatMap(whose =>
              BOTH.flatMap(isReleased =>
                BOTH.flatMap(isUnderProtocol =>
                  BOTH.flatMap(needsIndependence =>
                    BOTH.flatMap(hasRead =>
                      BOTH.map(isForgotten => ({
                        role,
                        way,
                        state,
                        access,
                        purpose,
                        standing,
                        whose,
                        isReleased,
                        isUnderProtocol,
                        needsIndependence,
                        hasRead,
                        isForgotten
                      }))
                    )
                  )
                )
              )
            )
          )
        )
      )
    )
  )
);

const PLAIN: Situation = {
  role: 'reader',
  way: 'blind',
  whose: 'own',
  purpose: 'reading',
  access: 'blind',
  state: 'open',
  isUnderProtocol: true,
  standing: 'free',
  isReleased: false,
  isForgotten: false,
  needsIndependence: false,
  hasRead: false
};

function text({ mayKnow, mayView, mayWrite }: ReadRights): string {
  return mayWrite ? 'write' : mayView ? 'view' : mayKnow ? 'know' : '-';
}

function row(situation: Partial<Situation>): string[] {
  return STATES.map(state => text(readRights({ ...PLAIN, ...situation, state })));
}

/** Situations with these properties. */
function where(wanted: Partial<Situation>): readonly Situation[] {
  return ALL.filter(situation =>
    Object.entries(wanted).every(([name, value]) => situation[name as keyof Situation] === value)
  );
}

describe('role x state: assigned, open, submitted', () => {
  test.each([
    ['viewer', ['know', 'view', 'view']],
    ['reader', ['know', 'write', 'view']],
    ['adjudicator', ['know', 'write', 'view']],
    ['manager', ['know', 'write', 'view']]
  ] as const)('the own read of a %s', (role, rights) => {
    for (const access of ['visible', 'blind'] as const)
      for (const standing of STANDINGS) expect(row({ role, access, standing })).toEqual(rights);
  });

  test.each([
    ['viewer', ['know', 'view', 'view']],
    ['reader', ['know', 'write', 'view']],
    ['adjudicator', ['know', 'write', 'view']],
    ['manager', ['know', 'write', 'view']]
  ] as const)('a shared read, for a %s', (role, rights) => {
    for (const way of ['free', 'visible'] as const) {
      expect(row({ role, way, whose: 'other', access: 'shared' })).toEqual(rights);
    }
    expect(row({ role, whose: 'other', access: 'shared', isReleased: true })).toEqual(rights);
  });

  test('a shared read is to whoever began it what it is to others', () => {
    for (const read of where({ access: 'shared', whose: 'own' })) {
      expect(readRights(read), JSON.stringify(read)).toEqual(readRights({ ...read, whose: 'other' }));
    }
  });

  test.each(ROLES)('a visible read of somebody else, for a %s', role => {
    const read = { role, whose: 'other', access: 'visible' } as const;
    for (const way of ['free', 'visible'] as const) expect(row({ ...read, way })).toEqual(['know', 'view', 'view']);
    expect(row({ ...read, isReleased: true })).toEqual(['know', 'view', 'view']);
  });

  test.each(['shared', 'visible'] as const)('a %s read of somebody else, from before people read blind', access => {
    for (const role of ['viewer', 'reader'] as const) {
      expect(row({ role, access, whose: 'other', way: 'blind' })).toEqual(['-', '-', '-']);
    }
    for (const role of ['adjudicator', 'manager'] as const) {
      const rights = access === 'shared' ? ['know', 'write', 'view'] : ['know', 'view', 'view'];
      expect(row({ role, access, whose: 'other', way: 'blind' })).toEqual(rights);
    }
  });

  test.each([
    ['viewer', ['-', '-', '-'], ['-', '-', 'view']],
    ['reader', ['-', '-', '-'], ['-', '-', 'view']],
    ['adjudicator', ['know', 'know', 'view'], ['know', 'know', 'view']],
    ['manager', ['know', 'know', 'view'], ['know', 'know', 'view']]
  ] as const)('a blind read of somebody else, for a %s, before and after a release', (role, before, after) => {
    for (const standing of ['free', 'bound'] as const) {
      expect(row({ role, standing, whose: 'other' })).toEqual(before);
      expect(row({ role, standing, whose: 'other', isReleased: true })).toEqual(after);
    }
  });

  test.each([
    ['viewer', ['-', '-', '-'], ['-', '-', 'view']],
    ['reader', ['-', '-', '-'], ['-', '-', 'view']],
    ['adjudicator', ['know', 'write', 'view'], ['know', 'write', 'view']],
    ['manager', ['know', 'write', 'view'], ['know', 'write', 'view']]
  ] as const)('an adjudication, for a %s, before and after a release', (role, before, after) => {
    for (const whose of ['own', 'other'] as const) {
      expect(row({ role, whose, purpose: 'adjudication' })).toEqual(before);
      expect(row({ role, whose, purpose: 'adjudication', isReleased: true })).toEqual(after);
    }
  });
});

describe('what a model has labelled', () => {
  test.each([
    ['viewer', '-', 'view'],
    ['reader', '-', 'view'],
    ['adjudicator', 'view', 'view'],
    ['manager', 'view', 'view']
  ] as const)('is seen by a %s as a blind read that is submitted', (role, before, after) => {
    const model = { ...PLAIN, role, whose: 'other', purpose: 'model', state: 'submitted' } as const;
    for (const standing of ['free', 'bound'] as const) {
      expect(text(readRights({ ...model, standing }))).toBe(before);
      expect(text(readRights({ ...model, standing, isReleased: true }))).toBe(after);
    }
  });

  test('is seen by everybody where reads are visible, but by readers who may be asked to read again', () => {
    for (const role of ROLES) {
      const model = {
        ...PLAIN,
        role,
        way: 'visible',
        whose: 'other',
        purpose: 'model',
        access: 'visible',
        state: 'submitted'
      } as const;
      const isDecider = role === 'adjudicator' || role === 'manager';
      expect(text(readRights(model))).toBe('view');
      expect(text(readRights({ ...model, standing: 'bound' }))).toBe(isDecider ? 'view' : '-');
    }
  });

  test('is hidden once people read blind, even if it was made while they did not', () => {
    for (const situation of where({ purpose: 'model', way: 'blind', isReleased: false })) {
      const { role, standing, isForgotten } = situation;
      const isSeen = (role === 'adjudicator' || role === 'manager') && standing !== 'blinded' && !isForgotten;
      expect(text(readRights(situation)), JSON.stringify(situation)).toBe(isSeen ? 'view' : '-');
    }
  });

  test('is never painted in, and hidden from who has still to read, also from one who is called like the model', () => {
    for (const situation of where({ purpose: 'model' })) {
      expect(readRights(situation).mayWrite, JSON.stringify(situation)).toBe(false);
      if (situation.standing === 'blinded') expect(text(readRights(situation)), JSON.stringify(situation)).toBe('-');
    }
  });
});

describe('in every situation', () => {
  test('who writes also sees, and who sees also knows', () => {
    for (const situation of ALL) {
      const { mayKnow, mayView, mayWrite } = readRights(situation);
      expect([mayWrite && !mayView, mayView && !mayKnow], JSON.stringify(situation)).toEqual([false, false]);
    }
  });

  test('nobody writes in what is not open, and viewers never write', () => {
    for (const situation of [
      ...where({ state: 'assigned' }),
      ...where({ state: 'submitted' }),
      ...where({ role: 'viewer' })
    ]) {
      expect(readRights(situation).mayWrite, JSON.stringify(situation)).toBe(false);
    }
  });

  test('who has a blind read to submit learns nothing of anybody else, whatever the role, also after a release', () => {
    for (const situation of where({ standing: 'blinded', whose: 'other' })) {
      expect(text(readRights(situation)), JSON.stringify(situation)).toBe('-');
    }
  });

  test('what others paint in a blind read is seen by nobody before it is submitted', () => {
    for (const situation of where({ purpose: 'reading', access: 'blind', whose: 'other' })) {
      if (situation.state === 'submitted') continue;
      expect(readRights(situation).mayView, JSON.stringify(situation)).toBe(false);
    }
  });

  test('readers and viewers do not know of blind reads of others before a release', () => {
    for (const role of ['viewer', 'reader'] as const) {
      for (const situation of where({ role, purpose: 'reading', access: 'blind', whose: 'other', isReleased: false })) {
        expect(text(readRights(situation)), JSON.stringify(situation)).toBe('-');
      }
    }
  });

  test('a blind read outside a protocol is its reader’s alone, for ever', () => {
    const other = { purpose: 'reading', access: 'blind', whose: 'other', isUnderProtocol: false } as const;
    for (const situation of where(other)) expect(text(readRights(situation)), JSON.stringify(situation)).toBe('-');
  });

  test('the earlier read is hidden while it is repeated', () => {
    for (const situation of where({ isForgotten: true })) expect(text(readRights(situation))).toBe('-');
  });

  test('who has read a case does not decide in it where independence is asked for', () => {
    for (const situation of where({ purpose: 'adjudication', needsIndependence: true, hasRead: true })) {
      expect(readRights(situation).mayWrite, JSON.stringify(situation)).toBe(false);
    }
  });
});

describe('projects', () => {
  const may = (way: WayOfWork, right: keyof ReturnType<typeof projectRights>): Role[] =>
    ROLES.filter(role => projectRights(role, way)[right]);

  test('without a protocol everybody but viewers starts cases and reads, and all see who belongs', () => {
    expect(may('free', 'mayStartCase')).toEqual(['reader', 'adjudicator', 'manager']);
    expect(may('free', 'mayStartRead')).toEqual(['reader', 'adjudicator', 'manager']);
    expect(may('free', 'maySeeMembers')).toEqual(ROLES);
  });

  test('under a protocol managers start cases, and nobody a read that was not given', () => {
    for (const way of ['visible', 'blind'] as const) {
      expect(may(way, 'mayStartCase')).toEqual(['manager']);
      expect(may(way, 'mayStartRead')).toEqual([]);
    }
    expect(may('visible', 'maySeeMembers')).toEqual(ROLES);
    expect(may('blind', 'maySeeMembers')).toEqual(['adjudicator', 'manager']);
  });

  test('are managed by managers, adjudicated by adjudicators and managers, discussed by all but viewers', () => {
    for (const way of ['free', 'visible', 'blind'] as const) {
      expect(may(way, 'mayManage')).toEqual(['manager']);
      expect(may(way, 'mayAdjudicate')).toEqual(['adjudicator', 'manager']);
      expect(may(way, 'mayDiscuss')).toEqual(['reader', 'adjudicator', 'manager']);
    }
  });
});

describe('the room of a case', () => {
  test('is one’s own while one has a blind read to submit', () => {
    for (const role of ROLES) for (const blind of BOTH) expect(meetsOthers(role, 'blinded', blind, true)).toBe(false);
  });

  test('is a reader’s own where there are blind reads that no release tells of', () => {
    const meeting = (isReleased: boolean): Role[] => ROLES.filter(role => meetsOthers(role, 'bound', true, isReleased));
    expect(meeting(false)).toEqual(['adjudicator', 'manager']);
    expect(meeting(true)).toEqual(ROLES);
    for (const role of ROLES) expect(meetsOthers(role, 'free', false, false)).toBe(true);
  });
});

describe('the reads of a case', () => {
  const read = (id: string, username: string, changes: Partial<ReadInCase> = {}): ReadInCase => ({
    id,
    purpose: 'reading',
    access: 'blind',
    state: 'open',
    reader: { username },
    protocol: { version: 1 },
    repeatOf: null,
    needsIndependence: false,
    ...changes
  });
  const seen = (reads: readonly ReadInCase[], role: Role, isReleased = false, way: WayOfWork = 'blind'): string[] => {
    const view = new CaseReads(reads, role, way, 'me', isReleased);
    return reads.map(each => text(view.rightsTo(each)));
  };

  test('decide together: with a blind read of one’s own to submit, a manager sees only that', () => {
    const others = [read('b', 'ben', { state: 'submitted' }), read('c', 'cleo', { access: 'shared' })];
    expect(seen([read('a', 'me'), ...others], 'manager')).toEqual(['write', '-', '-']);
    expect(seen([read('a', 'me', { state: 'submitted' }), ...others], 'manager')).toEqual(['view', 'view', 'write']);
    expect(seen([read('a', 'me', { state: 'submitted' }), ...others], 'reader')).toEqual(['view', '-', '-']);
    expect(seen([read('a', 'me', { state: 'submitted' }), ...others], 'reader', true)).toEqual([
      'view',
      'view',
      'write'
    ]);
    expect(seen(others, 'manager')).toEqual(['view', 'write']);
    expect(seen(others, 'reader')).toEqual(['-', '-']);
  });

  test('a free blind read blinds nobody', () => {
    const reads = [read('a', 'me', { protocol: null }), read('c', 'cleo', { access: 'shared', protocol: null })];
    expect(seen(reads, 'reader', false, 'free')).toEqual(['write', 'write']);
  });

  test('the repeat of a read hides it until it is submitted', () => {
    const first = read('a', 'me', { state: 'submitted' });
    for (const state of ['assigned', 'open'] as const) {
      expect(seen([first, read('b', 'me', { repeatOf: 'a', state })], 'reader')[0]).toBe('-');
    }
    expect(seen([first, read('b', 'me', { repeatOf: 'a', state: 'submitted' })], 'reader')).toEqual(['view', 'view']);
  });

  test('whoever has read the case under a protocol does not decide where independence is asked for', () => {
    const truth = read('t', 'dora', { purpose: 'adjudication', needsIndependence: true });
    const own = read('a', 'me', { state: 'submitted' });
    expect(seen([truth], 'adjudicator')).toEqual(['write']);
    expect(seen([truth, own], 'adjudicator')[0]).toBe('view');
    expect(seen([{ ...truth, needsIndependence: false }, own], 'adjudicator')[0]).toBe('write');
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
