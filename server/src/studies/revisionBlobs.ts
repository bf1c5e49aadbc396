import type { Catalogue } from '../store/store.js';
import { readRevision } from './records.js';

/** What revisions keep of the blobs for ever: their bricks, and the scores of models. */
export class RevisionBlobs {
  constructor(private readonly catalogue: Catalogue) {}

  async *neededBlobs(): AsyncIterable<string> {
    for await (const revisions of this.catalogue.all('revision')) {
      for (const { labelMap, manifest } of revisions.map(readRevision)) {
        for (const { sha256 } of labelMap.bricks) yield sha256;
        for (const { sha256 } of manifest.model?.scores ?? []) yield sha256;
      }
    }
  }
}
