import type { Catalogue } from '../store/store.js';
import { readEvaluation } from './evaluations/evaluationRecords.js';
import { readConsensus } from './consensus/consensusRecords.js';
import { readRelease } from './releases/releaseRecords.js';

/** What consensus drafts, releases and evaluations keep of the blobs. Maps of drafts are kept with the snapshots of reads. */
export class TruthBlobs {
  constructor(private readonly catalogue: Catalogue) {}

  async *neededBlobs(): AsyncIterable<string> {
    for await (const drafts of this.catalogue.all('consensus')) {
      for (const { computed } of drafts.map(readConsensus)) if (computed !== null) yield computed.result;
    }
    for await (const evaluations of this.catalogue.all('evaluation')) {
      for (const { result } of evaluations.map(readEvaluation)) if (result !== null) yield result;
    }
    for await (const releases of this.catalogue.all('release')) {
      for (const { files, archive, cases } of releases.map(readRelease)) {
        for (const { sha256 } of files) yield sha256;
        if (archive !== null) yield archive.sha256;
        for (const { labelMap } of cases) for (const { sha256 } of labelMap.bricks) yield sha256;
      }
    }
  }
}
