import type { Difference, Person } from '@voxcord/schemas/api';
import { affineFromRows } from '@voxcord/schemas/geometry';
import { sameDims } from '@voxcord/schemas/labelmap';
import { readCase, readVolume } from '../../projects/records.js';
import type { Store } from '../../store/store.js';
import type { FixedLabelMaps } from '../fixedLabelMaps.js';
import { GroundTruthError } from '../groundTruthError.js';
import { runDifference } from '../labelMapThread.js';
import type { FixedLabelMap, LabelMapReferences } from '../labelMapReferences.js';
import type { ComputedDifference } from './computeDifference.js';

/** So many results are kept: who goes back and forth between two does not wait again. */
const KEPT = 64;

/** What changed between label maps that never change: computed once, in threads. */
export class Differences {
  readonly #known = new Map<string, Promise<ComputedDifference>>();

  constructor(
    private readonly store: Pick<Store, 'catalogue'>,
    private readonly maps: FixedLabelMaps,
    private readonly references: LabelMapReferences
  ) {}

  /** Throws `GroundTruthError` (`label-map.unknown`, `label-map.other-case`). */
  async between(person: Person, beforeName: string, afterName: string): Promise<Difference> {
    const before = await this.references.find(person, beforeName);
    const after = await this.references.find(person, afterName);
    if (before.caseId !== after.caseId || !sameDims(before.manifest.dims, after.manifest.dims)) {
      throw new GroundTruthError('label-map.other-case', 'Only two label maps of one case can be compared.');
    }
    const key = `${before.caseId} ${before.root} ${after.root}`;
    const computing = this.#known.get(key) ?? this.#compute(before, after);
    this.#keep(key, computing);
    const { identical, segments, changes } = await computing;
    return { caseId: before.caseId, before: beforeName, after: afterName, identical, segments, changes };
  }

  #keep(key: string, computing: Promise<ComputedDifference>): void {
    this.#known.delete(key);
    this.#known.set(key, computing);
    computing.catch(() => this.#known.delete(key));
    for (const oldest of this.#known.keys()) {
      if (this.#known.size <= KEPT) break;
      this.#known.delete(oldest);
    }
  }

  async #compute(before: FixedLabelMap, after: FixedLabelMap): Promise<ComputedDifference> {
    const { catalogue } = this.store;
    const case_ = readCase(await catalogue.get('case', before.caseId));
    const { volume } = readVolume(await catalogue.get('volume', case_.volumes[0] ?? ''));
    return runDifference({
      kind: 'difference',
      dims: before.manifest.dims,
      affine: affineFromRows(volume.grid.affine),
      before: await this.maps.load(before.manifest),
      after: await this.maps.load(after.manifest)
    });
  }
}
