import type { Consensus, ConsensusReader, DisputeRegion } from '@voxcord/schemas/api';
import { type Dims, LabelMap, type PaintedRegion } from '@voxcord/schemas/labelmap';
import { FixedLabelMaps, type VoxcordApi, referenceOf } from '../client/index.js';
import { type FixedVoxels, LabelLayer } from '../viewer/index.js';
import { regionOfRuns } from './regions.js';

/** Everything that a review draws and paints from, loaded when it is wanted. Methods throw `VoxcordError`. */
export class ReviewMaps {
  readonly fixed: FixedLabelMaps;
  private readonly regions = new Map<string, Promise<DisputeRegion>>();

  constructor(private readonly api: VoxcordApi) {
    this.fixed = new FixedLabelMaps(api);
  }

  ofReader(reader: ConsensusReader): Promise<FixedVoxels> {
    return this.fixed.voxels(referenceOf.revision(reader.revision));
  }

  ofConsensus(draft: Consensus): Promise<FixedVoxels> {
    return this.fixed.voxels(referenceOf.consensus(draft.id));
  }

  /** The consensus as a layer that is drawn like a read. */
  async layerOf(draft: Consensus, dims: Dims): Promise<LabelLayer> {
    const head = await this.fixed.snapshot(referenceOf.consensus(draft.id));
    return new LabelLayer(LabelMap.open(dims, { head, base: null, records: [] }));
  }

  /** The voxels of a dispute; null: it has none on this grid. */
  async region(draft: Consensus, dispute: number, dims: Dims): Promise<PaintedRegion | null> {
    const key = `${draft.id}:${dispute}`;
    let loading = this.regions.get(key);
    if (loading === undefined) {
      loading = this.api.call('getDisputeRegion', { params: { consensusId: draft.id, dispute } });
      loading.catch(() => this.regions.delete(key));
      this.regions.set(key, loading);
    }
    return regionOfRuns(await loading, dims);
  }
}
