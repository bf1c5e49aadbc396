import type { CaseAgreement, Person, ProjectAgreement } from '@voxcord/schemas/api';
import type { ProjectAccess, SeenCase } from '../../projects/projectAccess.js';
import type { Store } from '../../store/store.js';
import type { ConsensusDrafts } from '../consensus/consensusDrafts.js';
import { readConsensus, type ComputedConsensus, type StoredConsensus } from '../consensus/consensusRecords.js';
import { poolAgreement } from './poolAgreement.js';

/** How far the readers of a project agree, over its cases. */
export class ProjectAgreements {
  constructor(
    private readonly store: Pick<Store, 'catalogue'>,
    private readonly access: ProjectAccess,
    private readonly drafts: ConsensusDrafts
  ) {}

  /** Over those cases whose consensus the person may see. */
  async of(person: Person, projectId: string): Promise<ProjectAgreement> {
    const { protocol } = await this.access.project(person, projectId);
    const readers = new Map<string, Person>();
    const cases: CaseAgreement[] = [];
    for (const seen of await this.access.cases(person, projectId)) {
      const { rights } = await this.drafts.case_(person, seen.case_.id);
      const draft = rights.mayView ? await this.#newest(seen) : null;
      if (draft === null) continue;
      for (const { reader } of whoCount(draft)) readers.set(reader.username, reader);
      cases.push(agreementIn(seen, draft, await this.drafts.computed(draft)));
    }
    return {
      projectId,
      protocolVersion: protocol?.version ?? null,
      rules: protocol?.content.agreement ?? null,
      readers: [...readers.values()].sort((a, b) => (a.username < b.username ? -1 : 1)),
      cases,
      pooled: (protocol?.content.segments ?? []).map(segment => poolAgreement(segment, cases))
    };
  }

  /** The newest one by the rules of the protocol in force. */
  async #newest({ case_, protocol }: SeenCase): Promise<StoredConsensus | null> {
    const drafts = (await this.store.catalogue.list('consensus', case_.id)).map(readConsensus);
    const usable = drafts.filter(
      draft => draft.computed !== null && !draft.deviates && draft.protocolVersion === protocol?.version
    );
    return usable.at(-1) ?? null;
  }
}

/** A model without a weight is shown, and measured nowhere. */
function whoCount({ readers }: StoredConsensus): StoredConsensus['readers'] {
  return readers.filter(({ weight }) => weight > 0);
}

function agreementIn(
  { case_ }: SeenCase,
  draft: StoredConsensus,
  { result, volumes }: ComputedConsensus
): CaseAgreement {
  const readers = whoCount(draft);
  const usernames = new Map(readers.map(({ letter, reader }) => [letter, reader.username]));
  const usernameOf = (letter: string): string => usernames.get(letter) ?? letter;
  return {
    caseId: case_.id,
    title: case_.title,
    consensus: draft.id,
    readers: readers.map(({ letter, reader }) => ({ letter, username: reader.username })),
    segments: result.agreement,
    volumes: volumes.map(({ letter, number, volumeMl }) => ({ number, username: usernameOf(letter), volumeMl })),
    lesions: result.lesions.map(lesion => ({
      id: lesion.id,
      segment: lesion.segment,
      accepted: lesion.accepted,
      diameter: lesion.diameter,
      readers: lesion.readers.map(({ letter, present, volumeMl, diameter }) => ({
        username: usernameOf(letter),
        present,
        volumeMl,
        diameter
      }))
    }))
  };
}
