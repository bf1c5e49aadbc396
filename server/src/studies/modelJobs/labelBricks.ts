import { readFileSync } from 'node:fs';
import type { LabelMapContent } from '@voxcord/schemas/files';
import { encodeBricks, voxelCount, type Dims } from '@voxcord/schemas/labelmap';
import type { NamedBrick } from '../../labelmap/foldRequests.js';
import { nameBricks } from '../../labelmap/nameBricks.js';
import { contentOfLabelMap } from '../../truth/labelMapContent.js';
import { collectMarkScores, type MarkScores } from './markScores.js';

export interface LabelBricksTask {
  /** Channel numbers, one byte per voxel of the volume's canonical grid, i fastest. */
  readonly labelsFile: string;
  readonly dims: Dims;
  /** 256 entries: the segment that each channel becomes; 0: background. */
  readonly segmentOf: Uint8Array;
  /** A file of scores and the segments whose scores are kept; null: of none. */
  readonly scores: { readonly file: string; readonly segments: readonly number[] } | null;
}

/** A label map as a snapshot keeps it, and named by its voxels. */
export interface LabelBricks {
  readonly bricks: readonly NamedBrick[];
  readonly content: LabelMapContent;
  readonly scores: readonly MarkScores[];
}

/** Null if a file does not fit the grid or the other one. Reads files at once: for threads. */
export function makeLabelBricks({ labelsFile, dims, segmentOf, scores }: LabelBricksTask): LabelBricks | null {
  const labels = new Uint8Array(readFileSync(labelsFile));
  if (labels.length !== voxelCount(dims)) return null;
  for (let voxel = 0; voxel < labels.length; voxel++) labels[voxel] = segmentOf[labels[voxel] ?? 0] ?? 0;
  const kept = scores === null ? [] : collectMarkScores(scores.file, labels, dims, scores.segments);
  if (kept === null) return null;
  return { bricks: nameBricks(encodeBricks(labels, dims)), content: contentOfLabelMap(labels, dims), scores: kept };
}
