import type { LabelMapSnapshot } from '@voxcord/schemas/api';
import type { Snapshot } from '@voxcord/schemas/labelmap';
import type { VoxcordApi } from './api.js';
import { VoxcordError } from './problems.js';
import { downloadInRanges } from './rangedDownload.js';

/** The stored snapshots of a read, ready to be opened. */
export interface ReadSnapshots {
  readonly head: Snapshot | null;
  readonly base: Snapshot | null;
  /** Hash of the base, as `about.base` in the document names it. */
  readonly baseHash: string | null;
}

/** Loads the newest snapshots of the read `readId`. Throws `VoxcordError`. */
export async function loadSnapshots(api: VoxcordApi, readId: string, signal?: AbortSignal): Promise<ReadSnapshots> {
  const { head, base } = await api.call('getLabelMapHead', { params: { readId } }, signal);
  const [loadedHead, loadedBase] = await Promise.all([
    head === null ? null : loadSnapshot(api, readId, head, signal),
    base === null ? null : loadSnapshot(api, readId, base, signal)
  ]);
  return { head: loadedHead, base: loadedBase, baseHash: base?.hash ?? null };
}

async function loadSnapshot(
  api: VoxcordApi,
  readId: string,
  manifest: LabelMapSnapshot,
  signal: AbortSignal | undefined
): Promise<Snapshot> {
  const { hash, frontier, lamport, bricks } = manifest;
  const address = api.binaryAddress('getLabelMapPack', { readId, snapshotHash: hash });
  return { frontier, lamport, bricks: await loadBricks(api, address, bricks, signal) };
}

/** Loads the pack at `address` and cuts it into its bricks. Throws `VoxcordError`. */
export async function loadBricks(
  api: VoxcordApi,
  address: string,
  bricks: LabelMapSnapshot['bricks'],
  signal?: AbortSignal
): Promise<Map<number, Uint8Array>> {
  if (bricks.length === 0) return new Map();
  return unpack(await downloadInRanges(api, address, signal === undefined ? {} : { signal }), bricks);
}

/** Cuts a pack into its bricks and checks each against its hash. */
async function unpack(
  pack: Uint8Array<ArrayBuffer>,
  bricks: LabelMapSnapshot['bricks']
): Promise<Map<number, Uint8Array>> {
  const cut = new Map<number, Uint8Array>();
  let offset = 0;
  for (const { index, sha256, bytes } of bricks) {
    const brick = pack.subarray(offset, offset + bytes);
    offset += bytes;
    if (brick.byteLength !== bytes || !(await hasHash(brick, sha256))) throw damaged();
    cut.set(index, brick);
  }
  if (offset !== pack.byteLength) throw damaged();
  return cut;
}

/** Browsers compute hashes on secure pages only; elsewhere the length and the brick's own checks must do. */
async function hasHash(bytes: Uint8Array<ArrayBuffer>, sha256: string): Promise<boolean> {
  if (typeof crypto === 'undefined' || !('subtle' in crypto)) return true;
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  return Array.from(digest, byte => byte.toString(16).padStart(2, '0')).join('') === sha256;
}

function damaged(): VoxcordError {
  return new VoxcordError(
    'snapshot.damaged',
    'The stored label map arrived damaged. Nothing is lost on the server; open the case again.'
  );
}
