import type { Role } from '@voxcord/schemas/api';
import { expect, test } from 'vitest';
import { mayAddModels, mayRemoveModel } from '../../src/access/modelMatrix.js';

const OTHERS: readonly Role[] = ['viewer', 'reader', 'adjudicator'];

test('models are added by those who manage a project, whatever they are in others', () => {
  expect(mayAddModels([])).toBe(false);
  for (const role of OTHERS) {
    expect(mayAddModels([role, ...OTHERS])).toBe(false);
    expect(mayAddModels([role, 'manager'])).toBe(true);
  }
});

test('models are removed by those who have uploaded them, and by nobody if nobody has', () => {
  expect(mayRemoveModel('anna', 'anna')).toBe(true);
  expect(mayRemoveModel('anna', 'bob')).toBe(false);
  expect(mayRemoveModel(null, 'anna')).toBe(false);
});
