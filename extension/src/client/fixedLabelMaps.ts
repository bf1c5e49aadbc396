import type { LabelMapReference, LabelMapSnapshot } from '@voxcord/schemas/api';
import type { Snapshot } from '@voxcord/schemas/labelmap';
import { FixedVoxels } from '../viewer/fixedVoxels.js';
import type { VoxcordApi } from './api.js';
import { loadBricks } from './labelMapSnapshots.js';

/** What a label map that never changes is called. */
export const referenceOf = {
  revision: (hash: string): LabelMapReference => `revision:${hash}`,
  consensus: (id: string): LabelMapReference => `consensus:${id}`,
  release: (id: string, caseId: string): LabelMapReference => `release:${id}:${caseId}`
} as const;

/** Loads maps that never change, each once: label maps, disagreement, probabilities. Methods throw `VoxcordError`. */
export class FixedLabelMaps {
  private readonly snapshots = new Map<string, Promise<Loaded>>();

  constructor(private readonly api: VoxcordApi) {}

  /** The label map of a revision, a consensus or a released case. */
  async voxels(reference: LabelMapReference): Promise<FixedVoxels> {
    return (await this.labelMap(reference)).voxels;
  }

  /** As `voxels`, in the form that a `LabelMap` is opened from. */
  async snapshot(reference: LabelMapReference): Promise<Snapshot> {
    return (await this.labelMap(reference)).snapshot;
  }

  /** 0 to 255 per voxel. */
  async disagreement(consensusId: string): Promise<FixedVoxels> {
    const loaded = await this.once(`disagreement:${consensusId}`, async () => ({
      manifest: await this.api.call('getDisagreement', { params: { consensusId } }),
      pack: this.api.binaryAddress('getDisagreementPack', { consensusId })
    }));
    return loaded.voxels;
  }

  /** Probability of a segment, 0 to 255 per voxel. */
  async soft(consensusId: string, number: number): Promise<FixedVoxels> {
    const loaded = await this.once(`soft:${consensusId}:${number}`, async () => ({
      manifest: await this.api.call('getSoftMap', { params: { consensusId, number } }),
      pack: this.api.binaryAddress('getSoftMapPack', { consensusId, number })
    }));
    return loaded.voxels;
  }

  private labelMap(reference: LabelMapReference): Promise<Loaded> {
    return this.once(reference, async () => ({
      manifest: await this.api.call('getFixedLabelMap', { params: { reference } }),
      pack: this.api.binaryAddress('getFixedLabelMapPack', { reference })
    }));
  }

  private once(key: string, find: () => Promise<{ manifest: LabelMapSnapshot; pack: string }>): Promise<Loaded> {
    let loading = this.snapshots.get(key);
    if (loading === undefined) {
      loading = find().then(({ manifest, pack }) => this.load(manifest, pack));
      // What failed is tried again when it is asked for again.
      loading.catch(() => this.snapshots.delete(key));
      this.snapshots.set(key, loading);
    }
    return loading;
  }

  private async load({ dims, frontier, lamport, bricks }: LabelMapSnapshot, pack: string): Promise<Loaded> {
    const loaded = await loadBricks(this.api, pack, bricks);
    return { voxels: new FixedVoxels(dims, loaded), snapshot: { frontier, lamport, bricks: loaded } };
  }
}

interface Loaded {
  readonly voxels: FixedVoxels;
  readonly snapshot: Snapshot;
}
