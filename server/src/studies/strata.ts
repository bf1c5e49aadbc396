import {
  isMeasuredStratum,
  type CaseStrata,
  type Person,
  type StrataChange,
  type StrataChanges
} from '@voxcord/schemas/api';
import { denied, unknownCase, type ProjectAccess } from '../projects/projectAccess.js';
import { readCase, type StoredCase } from '../projects/records.js';
import type { Blindness } from './blindness.js';
import { StudyError } from './errors.js';
import { actorOf, type Journal } from './journal.js';

const MOST_GROUPS_OF_A_CASE = 32;

/**
 * Groups of cases that figures are told apart by, such as phase or centre. They can tell what is to be found, so they
 * are for managers who have nothing to read blind; everybody else learns of them from a release.
 */
export class Strata {
  constructor(
    private readonly access: ProjectAccess,
    private readonly journal: Journal,
    private readonly blindness: Blindness
  ) {}

  /** In order of the cases' creation. Rejects with `ProjectError` and `StudyError` (`access.blinded`). */
  async list(person: Person, projectId: string): Promise<CaseStrata[]> {
    await this.#checkMayManage(person, projectId);
    return this.#all(projectId);
  }

  /**
   * Answers all cases of the project. What is refused changes none; if the service dies meanwhile, the first ones are
   * changed. Names and values are kept in Unicode's composed form, so that what looks alike is alike. Rejects with
   * `ProjectError` and `StudyError` (`access.blinded`, `strata.measured`, `strata.too-many`).
   */
  async change(person: Person, projectId: string, changes: StrataChanges): Promise<CaseStrata[]> {
    await this.#checkMayManage(person, projectId);
    const cases = new Map((await this.#all(projectId)).map(each => [each.caseId, each.strata]));
    const wanted = Object.entries(changes).map(([id, change]) => [id, composed(change)] as const);
    for (const [id, change] of wanted) {
      const strata = cases.get(id);
      if (strata === undefined) throw unknownCase();
      refuseMeasured(change);
      changed(strata, change);
    }
    for (const [id, change] of wanted) await this.#changeOne(person, projectId, id, change);
    return this.#all(projectId);
  }

  async #checkMayManage(person: Person, projectId: string): Promise<void> {
    const { rights } = await this.access.project(person, projectId);
    if (!rights.mayManage) throw denied('see or change the groups of cases');
    await this.blindness.refuseIn(person, projectId);
  }

  async #all(projectId: string): Promise<CaseStrata[]> {
    return (await this.access.casesOf(projectId)).map(({ id, title, strata }) => ({ caseId: id, title, strata }));
  }

  async #changeOne(person: Person, projectId: string, caseId: string, change: Changes): Promise<void> {
    await this.journal.update('case', caseId, readCase, projectId, case_ => {
      const strata = changed(case_.strata, change);
      const before = new Map(Object.entries(case_.strata));
      if ([...change].every(([name, value]) => (before.get(name) ?? null) === value)) return null;
      return {
        value: { ...case_, strata },
        // Every release carries the log of the whole project: names and values stand in the release of their case alone.
        told: { actor: actorOf(person), action: 'case.groups-changed', subject: aboutCase(caseId) }
      };
    });
  }
}

type Changes = ReadonlyMap<string, string | null>;

function composed(change: StrataChange): Changes {
  return new Map(
    Object.entries(change).map(([name, value]) => [
      name.normalize('NFC'),
      value === null ? null : value.normalize('NFC')
    ])
  );
}

function refuseMeasured(change: Changes): void {
  const measured = [...change.keys()].find(isMeasuredStratum);
  if (measured === undefined) return;
  throw new StudyError('strata.measured', `“${measured}” is measured and cannot be set. Choose another name.`);
}

function changed(strata: StoredCase['strata'], change: Changes): StoredCase['strata'] {
  const kept = new Map(Object.entries(strata));
  for (const [name, value] of change) {
    if (value === null) kept.delete(name);
    else kept.set(name, value);
  }
  if (kept.size <= MOST_GROUPS_OF_A_CASE) return Object.fromEntries(kept);
  throw new StudyError(
    'strata.too-many',
    `A case can be in ${MOST_GROUPS_OF_A_CASE} groups at most. Take it out of one first.`
  );
}

function aboutCase(id: string): { kind: 'case'; id: string; sha256: null } {
  return { kind: 'case', id, sha256: null };
}
