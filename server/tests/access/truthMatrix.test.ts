import type { Role } from '@voxcord/schemas/api';
import { expect, test } from 'vitest';
import type { ReadRights, Standing, WayOfWork } from '../../src/access/matrix.js';
import {
  evaluationRights,
  mayWatchLive,
  modelJobRights,
  releaseRights,
  truthRights
} from '../../src/access/truthMatrix.js';

const ROLES: readonly Role[] = ['viewer', 'reader', 'adjudicator', 'manager'];
const WAYS: readonly WayOfWork[] = ['free', 'visible', 'blind'];
const STANDINGS: readonly Standing[] = ['free', 'blinded', 'bound'];
const VIEW: ReadRights = { mayKnow: true, mayView: true, mayWrite: false };
const KNOW: ReadRights = { mayKnow: true, mayView: false, mayWrite: false };
const NOTHING: ReadRights = { mayKnow: false, mayView: false, mayWrite: false };

test('nobody who has still to read on their own watches a live consensus, whatever they may see', () => {
  for (const role of ROLES) {
    for (const way of WAYS) {
      for (const isReleased of [true, false]) {
        const truth = truthRights({ role, way, standing: 'blinded', isReleased });
        expect(mayWatchLive(truth, [VIEW, VIEW])).toBe(false);
      }
    }
  }
});

test('one read that somebody may not look at is enough to keep the live consensus from them', () => {
  for (const role of ROLES) {
    for (const way of WAYS) {
      for (const standing of STANDINGS) {
        const truth = truthRights({ role, way, standing, isReleased: true });
        expect(mayWatchLive(truth, [VIEW, KNOW, VIEW])).toBe(false);
        expect(mayWatchLive(truth, [VIEW, VIEW, NOTHING])).toBe(false);
        expect(mayWatchLive(truth, [VIEW, VIEW])).toBe(standing !== 'blinded');
      }
    }
  }
});

test('models are run by those who decide, unless they have still to read the case on their own', () => {
  for (const role of ROLES) {
    for (const standing of STANDINGS) {
      const isAllowed = (role === 'adjudicator' || role === 'manager') && standing !== 'blinded';
      expect(modelJobRights(role, standing)).toEqual({ mayView: isAllowed, mayRun: isAllowed });
    }
  }
});

test('evaluations are hidden from whoever has still to read one of the cases, and computed by everybody but viewers', () => {
  for (const role of ROLES) {
    for (const one of STANDINGS) {
      for (const other of STANDINGS) {
        const mayView = one !== 'blinded' && other !== 'blinded';
        expect(evaluationRights(role, [one, other])).toEqual({ mayView, mayCompute: mayView && role !== 'viewer' });
      }
    }
  }
});

test('a release is there for those who make it, then for everybody, and never for who has still to read one of its cases', () => {
  const seenBy = (isReleased: boolean, isBlinded: boolean): Role[] =>
    ROLES.filter(role => releaseRights(role, isReleased, isBlinded).mayView);
  expect(seenBy(false, false)).toEqual(['adjudicator', 'manager']);
  expect(seenBy(true, false)).toEqual(ROLES);
  for (const isReleased of [true, false]) {
    for (const role of ROLES) {
      const { mayView, mayPrepare, maySign } = releaseRights(role, isReleased, true);
      expect([mayView, mayPrepare, maySign]).toEqual([false, false, false]);
    }
  }
});
