import type { Role } from '@voxcord/schemas/api';
import type { ReadRights, Standing, WayOfWork } from './matrix.js';

/*
 * Who may see and make ground truth: role x where somebody stands. Beside `matrix.ts`, and like it the only place.
 */

/** What somebody may do with what is computed and decided in one case. */
export interface TruthRights {
  /** See consensus, disagreement, disputes and decisions. */
  readonly mayView: boolean;
  /** Start and cancel computations. */
  readonly mayCompute: boolean;
  /** Begin the adjudication; deciding also needs the right to write in its read. */
  readonly mayAdjudicate: boolean;
}

/** What somebody may do with releases of a project. */
export interface ReleaseRights {
  readonly mayView: boolean;
  readonly mayPrepare: boolean;
  readonly maySign: boolean;
}

const NOTHING: TruthRights = { mayView: false, mayCompute: false, mayAdjudicate: false };
const VIEW: TruthRights = { mayView: true, mayCompute: false, mayAdjudicate: false };
const DECIDE: TruthRights = { mayView: true, mayCompute: true, mayAdjudicate: true };

export interface TruthSituation {
  readonly role: Role;
  readonly way: WayOfWork;
  readonly standing: Standing;
  /** A release holds the case's truth. */
  readonly isReleased: boolean;
}

/** A consensus tells of all reads: nobody sees it who has still to read on their own, whatever their role. */
export function truthRights({ role, way, standing, isReleased }: TruthSituation): TruthRights {
  if (standing === 'blinded') return NOTHING;
  if (role === 'adjudicator' || role === 'manager') return DECIDE;
  return way === 'blind' && !isReleased ? NOTHING : VIEW;
}

/**
 * A live consensus shows every stroke of every read that it is made of, while it is painted: it is for those alone who
 * may look at all of these reads.
 */
export function mayWatchLive(truth: TruthRights, reads: readonly ReadRights[]): boolean {
  return truth.mayView && reads.every(({ mayView }) => mayView);
}

/** What somebody may do with runs of models on one case. */
export interface ModelJobRights {
  /** Know of runs, and of what became of them. */
  readonly mayView: boolean;
  /** Start and cancel them. */
  readonly mayRun: boolean;
}

/**
 * Runs of models are for those who decide, whatever the way of work: others see what came of them where they may see the
 * reads. Whoever has still to read the case on their own neither runs a model on it nor learns that somebody has.
 */
export function modelJobRights(role: Role, standing: Standing): ModelJobRights {
  const isAllowed = standing !== 'blinded' && (role === 'adjudicator' || role === 'manager');
  return { mayView: isAllowed, mayRun: isAllowed };
}

/** What somebody may do with evaluations against one release. */
export interface EvaluationRights {
  /** See those of reads that they may see. */
  readonly mayView: boolean;
  /** Start and cancel computations. */
  readonly mayCompute: boolean;
}

/**
 * An evaluation tells of truth and of reads: nobody sees it who has still to read a case of the release on their own,
 * whatever their role.
 *
 * @param standings of the person in each case of the release
 */
export function evaluationRights(role: Role, standings: readonly Standing[]): EvaluationRights {
  const mayView = !standings.includes('blinded');
  return { mayView, mayCompute: mayView && role !== 'viewer' };
}

const RELEASE: Readonly<Record<Role, ReleaseRights>> = {
  viewer: { mayView: true, mayPrepare: false, maySign: false },
  reader: { mayView: true, mayPrepare: false, maySign: false },
  adjudicator: { mayView: true, mayPrepare: false, maySign: true },
  manager: { mayView: true, mayPrepare: true, maySign: true }
};

const NO_RELEASE: ReleaseRights = { mayView: false, mayPrepare: false, maySign: false };

/**
 * Before it is released, a release is for those who make it: it tells of reads. It holds the truth of its cases: nobody
 * sees it who has still to read one of them on their own, again or under a new protocol, whatever their role.
 *
 * @param isBlinded in one case of the release at least
 */
export function releaseRights(role: Role, isReleased: boolean, isBlinded: boolean): ReleaseRights {
  const rights = RELEASE[role];
  return !isBlinded && (isReleased || rights.maySign) ? rights : NO_RELEASE;
}
