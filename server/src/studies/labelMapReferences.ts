import type { LabelMapSnapshot, Person } from '@voxcord/schemas/api';
import type { ProjectAccess } from '../projects/projectAccess.js';
import type { Store } from '../store/store.js';
import type { ConsensusDrafts } from './consensus/consensusDrafts.js';
import type { FixedLabelMaps } from './fixedLabelMaps.js';
import { ifThere } from './ifThere.js';
import { GroundTruthError } from './groundTruthError.js';
import { readRevision } from './records.js';
import type { Releases } from './releases/releases.js';

/** A label map that never changes, and where it belongs. */
export interface FixedLabelMap {
  readonly caseId: string;
  readonly manifest: LabelMapSnapshot;
  /** Of the hash tree over its content: equal for equal labels. */
  readonly root: string;
}

export interface ReferenceParts {
  readonly store: Pick<Store, 'catalogue'>;
  readonly access: ProjectAccess;
  readonly drafts: ConsensusDrafts;
  readonly releases: Releases;
  readonly maps: FixedLabelMaps;
}

const REFERENCE = /^(revision|consensus|release):([0-9a-f-]+)(?::([0-9a-f-]{36}))?$/;

/** Label maps by reference, for those who may see them; for others they do not exist. Throws `GroundTruthError`. */
export class LabelMapReferences {
  constructor(private readonly parts: ReferenceParts) {}

  async find(person: Person, reference: string): Promise<FixedLabelMap> {
    const [, kind, id = '', caseId = ''] = REFERENCE.exec(reference) ?? [];
    switch (kind) {
      case 'revision':
        return this.#revision(person, id);
      case 'consensus':
        return this.#consensus(person, id);
      case 'release':
        return this.#released(person, id, caseId);
      default:
        throw unknown();
    }
  }

  async #revision(person: Person, hash: string): Promise<FixedLabelMap> {
    const value = await this.parts.store.catalogue.get('revision', hash);
    if (value === null) throw unknown();
    const { readId, caseId, labelMap, manifest } = readRevision(value);
    const seen = await ifThere(this.parts.access.viewableRead(person, readId));
    // One that its read does not name was never submitted.
    if (seen?.read.revisions.includes(hash) !== true) throw unknown();
    return { caseId, manifest: labelMap, root: manifest.labelMap.root };
  }

  async #consensus(person: Person, id: string): Promise<FixedLabelMap> {
    const { draft, maps } = await this.parts.drafts.findComputed(person, id);
    return {
      caseId: draft.caseId,
      manifest: await this.parts.maps.manifest(maps.labelMap),
      root: maps.labelMapRoot
    };
  }

  async #released(person: Person, releaseId: string, caseId: string): Promise<FixedLabelMap> {
    const { release } = await this.parts.releases.find(person, releaseId);
    const released = release.cases.find(each => each.caseId === caseId);
    if (released === undefined) throw unknown();
    return { caseId, manifest: released.labelMap, root: released.root };
  }
}

function unknown(): GroundTruthError {
  return new GroundTruthError('label-map.unknown', 'There is no such label map, or you may not see it.');
}
