import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { LabelMapContent } from '@voxcord/schemas/files';
import { encodeBricks, voxelCount, type Dims } from '@voxcord/schemas/labelmap';
import type { NamedBrick } from '../../labelmap/foldRequests.js';
import { contentOfLabelMap } from '../../truth/index.js';

export interface LabelBricksTask {
  /** Channel numbers, one byte per voxel of the volume's canonical grid, i fastest. */
  readonly labelsFile: string;
  readonly dims: Dims;
  /** 256 entries: the segment that each channel becomes; 0: background. */
  readonly segmentOf: Uint8Array;
}

/** A label map as a snapshot keeps it, and named by its voxels. */
export interface LabelBricks {
  readonly bricks: readonly NamedBrick[];
  readonly content: LabelMapContent;
}

/** Null if the file has another length than the grid. Reads the file at once: for threads. */
export function makeLabelBricks({ labelsFile, dims, segmentOf }: LabelBricksTask): LabelBricks | null {
  const labels = new Uint8Array(readFileSync(labelsFile));
  if (labels.length !== voxelCount(dims)) return null;
  for (let voxel = 0; voxel < labels.length; voxel++) labels[voxel] = segmentOf[labels[voxel] ?? 0] ?? 0;
  const bricks = [...encodeBricks(labels, dims)]
    .sort(([a], [b]) => a - b)
    .map(([index, content]) => ({
      index,
      sha256: createHash('sha256').update(content).digest('hex'),
      bytes: content.length,
      content
    }));
  return { bricks, content: contentOfLabelMap(labels, dims) };
}
