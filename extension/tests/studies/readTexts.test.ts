import { nullTranslator } from '@jupyterlab/translation';
import type { Read } from '@voxcord/schemas/api';
import { describe, expect, it } from 'vitest';
import { dueText, endOfDay, isOverdue, protocolFlag, stateText } from '../../src/reading/readTexts.js';

const trans = nullTranslator.load('voxcord');
const NOW = Date.parse('2026-03-10T12:00:00Z');

const TITLE = 'Blind read';

const READ: Read = {
  id: '00000000-0000-4000-8000-000000000001',
  caseId: '00000000-0000-4000-8000-000000000002',
  title: TITLE,
  access: 'blind',
  purpose: 'reading',
  reader: { username: 'ada', displayName: 'Ada', initials: 'A', colour: '#000000' },
  state: 'assigned',
  due: '2026-03-09T23:00:00.000Z',
  protocolVersion: 1,
  revisions: 0,
  volume: '0'.repeat(64),
  repeat: false,
  mayView: false,
  mayWrite: false,
  createdAt: '2026-03-01T00:00:00.000Z'
};

describe('what lists say of a read', () => {
  it('is overdue after its due time, unless it is submitted', () => {
    expect(isOverdue(READ, NOW)).toBe(true);
    expect(isOverdue({ ...READ, state: 'open' }, NOW)).toBe(true);
    expect(isOverdue({ ...READ, state: 'submitted' }, NOW)).toBe(false);
    expect(isOverdue({ ...READ, due: '2026-03-11T00:00:00.000Z' }, NOW)).toBe(false);
    expect(isOverdue({ ...READ, due: null }, NOW)).toBe(false);
    expect(dueText(READ, trans, NOW)).toMatch(/^overdue since /);
    expect(dueText({ ...READ, state: 'submitted' }, trans, NOW)).toBeNull();
  });

  it('says how far it is, revisions counted from one', () => {
    expect(stateText(READ, trans)).toBe('not begun');
    expect(stateText({ ...READ, state: 'open' }, trans)).toBe('begun');
    expect(stateText({ ...READ, state: 'submitted', revisions: 1 }, trans)).toBe('submitted');
    expect(stateText({ ...READ, state: 'open', revisions: 1 }, trans)).toBe('reopened for revision 2');
    expect(stateText({ ...READ, state: 'submitted', revisions: 2 }, trans)).toBe('submitted, revision 2');
  });

  it('flags whatever does not follow the protocol in force', () => {
    expect(protocolFlag(READ, 1, trans)).toBeNull();
    expect(protocolFlag(READ, null, trans)).toBeNull();
    expect(protocolFlag(READ, 2, trans)).toContain('version 1, now 2');
    expect(protocolFlag({ ...READ, protocolVersion: null }, 1, trans)).toContain('outside');
  });

  it('is due at the end of the day that was chosen', () => {
    const due = endOfDay('2026-03-10');
    expect(due).not.toBeNull();
    expect(new Date(due ?? '').getTime() - new Date('2026-03-10T00:00:00').getTime()).toBe(86_399_000);
    expect(endOfDay('')).toBeNull();
    expect(endOfDay('no date')).toBeNull();
  });
});
