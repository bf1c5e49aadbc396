import { MEASURED_STRATA, type CaseStrata, type Person, type StrataChange } from '@voxcord/schemas/api';
import { denied, type ProjectAccess } from '../projects/projectAccess.js';
import { readCase, type StoredCase } from '../projects/records.js';
import type { Blindness } from './blindness.js';
import { StudyError } from './errors.js';
import { actorOf, type Journal } from './journal.js';

const MOST_OF_A_CASE = 32;

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
    const { rights } = await this.access.project(person, projectId);
    if (!rights.mayManage) throw denied('see the groups of cases');
    await this.blindness.refuseIn(person, projectId);
    return (await this.access.cases(person, projectId)).map(({ case_ }) => present(case_));
  }

  /** Rejects with `ProjectError` and `StudyError` (`access.blinded`, `strata.measured`, `strata.too-many`). */
  async change(person: Person, caseId: string, change: StrataChange): Promise<CaseStrata> {
    const { rights, project } = await this.access.case_(person, caseId);
    if (!rights.mayManage) throw denied('put cases into groups');
    await this.blindness.refuseIn(person, project.id);
    const measured = Object.keys(change).find(name => MEASURED_STRATA.includes(name.toLowerCase()));
    if (measured !== undefined) {
      throw new StudyError('strata.measured', `“${measured}” is measured and cannot be set. Choose another name.`);
    }
    const changed = await this.journal.update('case', caseId, readCase, project.id, case_ => {
      const strata = withChange(case_.strata, change);
      if (strata.size > MOST_OF_A_CASE) {
        throw new StudyError(
          'strata.too-many',
          `A case can be in ${MOST_OF_A_CASE} groups at most. Take it out of one first.`
        );
      }
      const before = new Map(Object.entries(case_.strata));
      if (Object.entries(change).every(([name, value]) => (before.get(name) ?? null) === value)) return null;
      return {
        value: { ...case_, strata: Object.fromEntries(strata) },
        told: {
          actor: actorOf(person),
          action: 'case.groups-changed',
          subject: { kind: 'case', id: caseId, sha256: null },
          details: { before: case_.strata, after: Object.fromEntries(strata) }
        }
      };
    });
    return present(changed ?? (await this.access.case_(person, caseId)).case_);
  }
}

function withChange(strata: StoredCase['strata'], change: StrataChange): Map<string, string> {
  const kept = new Map(Object.entries(strata));
  for (const [name, value] of Object.entries(change)) {
    if (value === null) kept.delete(name);
    else kept.set(name, value);
  }
  return kept;
}

function present({ id, title, strata }: StoredCase): CaseStrata {
  return { caseId: id, title, strata };
}
