import type { LabelMapSnapshot } from '@voxcord/schemas/api';
import type { Dims } from '@voxcord/schemas/labelmap';
import { nameBricks } from '../labelmap/nameBricks.js';
import { SnapshotStore } from '../labelmap/snapshotStore.js';
import { StoreError, type Store } from '../store/store.js';

/** Their manifests stand beside those of reads, under this name: the sweep of blobs asks them all. */
const OWNER = 'fixed';

/** Bricks by index, as `encodeBricks` makes them. */
export type Bricks = ReadonlyMap<number, Uint8Array>;

/**
 * Label maps (or maps of other bytes, such as probabilities) that never change: kept once, whoever needs them, and named
 * by what they hold.
 */
export class FixedLabelMaps {
  readonly #snapshots: SnapshotStore;

  constructor(store: Pick<Store, 'blobs' | 'catalogue'>) {
    this.#snapshots = new SnapshotStore(store);
  }

  /** Bricks first, then the manifest that names them: its `hash` names the map from then on. */
  keep(dims: Dims, bricks: Bricks): Promise<LabelMapSnapshot> {
    return this.#snapshots.save(OWNER, dims, { frontier: {}, lamport: 0, bricks: nameBricks(bricks) });
  }

  /** The manifest of a map that is kept. Throws `StoreError` (`corrupt`) if it is not there. */
  async manifest(hash: string): Promise<LabelMapSnapshot> {
    const manifest = await this.#snapshots.manifest(OWNER, hash);
    if (manifest === null) throw new StoreError('corrupt', 'A stored label map is missing. Restore a backup.');
    return manifest;
  }

  /** The bricks that a manifest names, of a read's snapshot too. */
  async load(manifest: LabelMapSnapshot): Promise<Bricks> {
    return (await this.#snapshots.load(manifest)).bricks;
  }
}
