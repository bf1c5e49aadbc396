import { createHash } from 'node:crypto';
import { LabelMapSnapshot } from '@voxcord/schemas/api';
import { canonicalJson } from '@voxcord/schemas/files';
import type { Dims, Snapshot } from '@voxcord/schemas/labelmap';
import Type, { type Static } from 'typebox';
import { Compile } from 'typebox/compile';
import { StoreError } from '../store/store.js';
import type { Store } from '../store/store.js';
import type { NamedSnapshot } from './foldRequests.js';

/** Which snapshot opens a read fastest, and the base that it was folded on. */
const HeadPointer = Type.Object({
  snapshot: Type.String(),
  base: Type.Union([Type.String(), Type.Null()])
});
type HeadPointer = Static<typeof HeadPointer>;

/** So many snapshots of a read are kept beside those in use. */
const NEWEST_KEPT = 4;

const isManifest = Compile(LabelMapSnapshot);
const isPointer = Compile(HeadPointer);

/** Snapshots of label maps: bricks are blobs, manifests are in the catalogue, named by their content within a read. */
export class SnapshotStore {
  constructor(private readonly store: Pick<Store, 'blobs' | 'catalogue'>) {}

  /** Bricks first, then the manifest that names them. */
  async save(readId: string, dims: Dims, snapshot: NamedSnapshot): Promise<LabelMapSnapshot> {
    for (const { sha256, content } of snapshot.bricks) {
      if (content !== null) await this.store.blobs.put(content);
      else if (!(await this.store.blobs.has(sha256))) throw new StoreError('corrupt', `Brick ${sha256} is missing.`);
    }
    const content = {
      dims: [...dims] as [number, number, number],
      frontier: snapshot.frontier,
      lamport: snapshot.lamport,
      bricks: snapshot.bricks.map(({ index, sha256, bytes }) => ({ index, sha256, bytes }))
    };
    const hash = createHash('sha256').update(canonicalJson(content)).digest('hex');
    const manifest: LabelMapSnapshot = { hash, ...content };
    try {
      await this.store.catalogue.insert('snapshot', manifestId(readId, hash), readId, manifest);
    } catch (error) {
      if (!(error instanceof StoreError) || error.code !== 'exists') throw error;
    }
    return manifest;
  }

  /** Null if this read has no such snapshot, whatever other reads have. */
  async manifest(readId: string, hash: string): Promise<LabelMapSnapshot | null> {
    const value = await this.store.catalogue.get('snapshot', manifestId(readId, hash));
    return value === null ? null : readManifest(value);
  }

  async load({ frontier, lamport, bricks }: LabelMapSnapshot): Promise<Snapshot> {
    const contents = await Promise.all(
      bricks.map(async ({ index, sha256 }) => [index, await this.#brick(sha256)] as const)
    );
    return { frontier, lamport, bricks: new Map(contents) };
  }

  /** Forgets the snapshots of a read, but those that are named and the newest ones: somebody may be fetching them. */
  async prune(readId: string, kept: readonly string[]): Promise<void> {
    const manifests = (await this.store.catalogue.list('snapshot', readId)).map(readManifest);
    for (const { hash } of manifests.slice(0, -NEWEST_KEPT)) {
      if (!kept.includes(hash)) await this.store.catalogue.remove('snapshot', manifestId(readId, hash));
    }
  }

  /** Blobs that the snapshots of all reads need. */
  async *neededBlobs(): AsyncIterable<string> {
    for await (const manifests of this.store.catalogue.all('snapshot')) {
      for (const { bricks } of manifests.map(readManifest)) for (const { sha256 } of bricks) yield sha256;
    }
  }

  /** The newest head, if it was folded on `base`: one that was not is of no use any more. */
  async head(readId: string, base: string | null): Promise<LabelMapSnapshot | null> {
    const pointer = await this.#pointer(readId);
    return pointer === null || pointer.base !== base ? null : this.manifest(readId, pointer.snapshot);
  }

  async setHead(readId: string, head: LabelMapSnapshot, base: string | null): Promise<void> {
    const id = pointerId(readId);
    const pointer: HeadPointer = { snapshot: head.hash, base };
    // Two people who open a read at once store its head at once: each waits for its turn.
    const { catalogue } = this.store;
    for (;;) {
      const previous = await catalogue.get('setting', id);
      const isSet =
        previous === null
          ? await this.#insertPointer(readId, pointer)
          : await catalogue.replace('setting', id, previous, pointer);
      if (isSet) return;
    }
  }

  /** False if somebody else was first. */
  async #insertPointer(readId: string, pointer: HeadPointer): Promise<boolean> {
    try {
      await this.store.catalogue.insert('setting', pointerId(readId), readId, pointer);
      return true;
    } catch (error) {
      if (error instanceof StoreError && error.code === 'exists') return false;
      throw error;
    }
  }

  async #pointer(readId: string): Promise<HeadPointer | null> {
    const value = await this.store.catalogue.get('setting', pointerId(readId));
    return isPointer.Check(value) ? value : null;
  }

  async #brick(sha256: string): Promise<Uint8Array> {
    const bytes = await this.store.blobs.get(sha256);
    if (bytes === null) throw new StoreError('corrupt', `Brick ${sha256} is missing.`);
    return bytes;
  }
}

function readManifest(value: unknown): LabelMapSnapshot {
  if (!isManifest.Check(value)) throw new StoreError('corrupt', 'The manifest of a snapshot is damaged.');
  return value;
}

function manifestId(readId: string, hash: string): string {
  return `${readId}/${hash}`;
}

function pointerId(readId: string): string {
  return `label-map-head/${readId}`;
}
