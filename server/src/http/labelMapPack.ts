import { LabelMapSnapshot } from '@voxcord/schemas/api';
import { Compile } from 'typebox/compile';
import type { Store } from '../store/store.js';
import type { BinaryContent } from './binary.js';
import { RequestError } from './errors.js';

const snapshots = Compile(LabelMapSnapshot);

/** Bricks of a snapshot of this read, in manifest order. Throws `RequestError` if the read has no such snapshot. */
export async function labelMapPack(store: Store, readId: string, hash: string): Promise<BinaryContent> {
  for (const value of await store.catalogue.list('snapshot', readId)) {
    if (!snapshots.Check(value) || value.hash !== hash) continue;
    return { etag: hash, parts: value.bricks };
  }
  throw new RequestError('request.not-found', 'This read has no such snapshot. Ask for its newest ones.');
}
