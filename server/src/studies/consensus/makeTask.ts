import { affineFromRows } from '@voxcord/schemas/geometry';
import { sameDims } from '@voxcord/schemas/labelmap';
import { readVolume } from '../../projects/records.js';
import type { Store } from '../../store/store.js';
import type { FixedLabelMaps } from '../fixedLabelMaps.js';
import { readRevision, type StoredProtocol, type StoredRevision } from '../records.js';
import { ConsensusRefused } from './computeConsensus.js';
import type { StoredConsensus } from './consensusRecords.js';
import type { ConsensusTask, TaskRead } from './consensusTask.js';

/** Brings together what a consensus is computed from. Throws `ConsensusRefused` if the reads lie on different grids. */
export async function makeTask(
  store: Store,
  maps: FixedLabelMaps,
  draft: StoredConsensus,
  { content }: StoredProtocol
): Promise<ConsensusTask> {
  const revisions = await Promise.all(
    draft.readers.map(async ({ revision }) => readRevision(await store.catalogue.get('revision', revision)))
  );
  const first = sameGrid(revisions);
  const { volume } = readVolume(await store.catalogue.get('volume', first.manifest.volume));
  const reads = await Promise.all(
    draft.readers.map(async ({ letter, weight, readSegments }, index): Promise<TaskRead> => {
      const revision = revisions[index] ?? first;
      const bricks = await maps.load(revision.labelMap);
      return { letter, root: revision.manifest.labelMap.root, bricks, weight, readSegments };
    })
  );
  return {
    dims: volume.grid.dims,
    spacing: volume.spacing,
    affine: affineFromRows(volume.grid.affine),
    reads,
    segments: content.segments,
    rules: draft.rules,
    agreement: draft.agreementRules,
    adjudication: content.adjudication,
    acceptance: content.acceptance
  };
}

/** Label maps of one case are of one volume; what differs is said, nothing is resampled. */
function sameGrid(revisions: readonly StoredRevision[]): StoredRevision {
  const [first, ...others] = revisions;
  if (first === undefined) {
    throw new ConsensusRefused({ code: 'consensus.no-reads', detail: 'There is no read to make a consensus of.' });
  }
  const other = others.find(
    ({ manifest, labelMap }) =>
      manifest.volume !== first.manifest.volume || !sameDims(labelMap.dims, first.labelMap.dims)
  );
  if (other === undefined) return first;
  throw new ConsensusRefused({
    code: 'consensus.grid-differs',
    detail:
      `Reads lie on different volumes: ${first.labelMap.dims.join(' x ')} voxels of volume ` +
      `${first.manifest.volume.slice(0, 12)} and ${other.labelMap.dims.join(' x ')} of ${other.manifest.volume.slice(0, 12)}. ` +
      'Read the case on one volume.'
  });
}
