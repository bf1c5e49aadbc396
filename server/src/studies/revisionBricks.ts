import type { Catalogue } from '../store/store.js';
import { readRevision } from './records.js';

/** What revisions keep of the blobs: their bricks are needed for ever. */
export class RevisionBricks {
  constructor(private readonly catalogue: Catalogue) {}

  async *neededBlobs(): AsyncIterable<string> {
    for await (const revisions of this.catalogue.all('revision')) {
      for (const { labelMap } of revisions.map(readRevision)) for (const { sha256 } of labelMap.bricks) yield sha256;
    }
  }
}
