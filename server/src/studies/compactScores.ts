import { gunzipSync, gzipSync } from 'node:zlib';

/*
 * Scores of the voxels of one segment as they are kept: a gzip file of one float32 (little-endian) for each voxel that has
 * the segment in a label map, i fastest. Where they lie is what the label map says.
 */

export function compactScores(scores: Float32Array): Uint8Array {
  return gzipSync(new Uint8Array(scores.buffer, scores.byteOffset, scores.byteLength));
}

/**
 * Puts scores to the voxels of `segment` in `labels`. False if they are damaged or belong to another label map: then
 * nothing is put anywhere.
 */
export function spreadScores(content: Uint8Array, segment: number, labels: Uint8Array, into: Float32Array): boolean {
  let voxels = 0;
  for (let voxel = 0; voxel < labels.length; voxel++) if (labels[voxel] === segment) voxels += 1;
  const scores = unpack(content, voxels);
  if (scores === null || !scores.every(Number.isFinite)) return false;
  let next = 0;
  for (let voxel = 0; voxel < labels.length; voxel++) {
    if (labels[voxel] === segment) into[voxel] = scores[next++] ?? 0;
  }
  return true;
}

/** Null unless there are scores of so many voxels. */
function unpack(content: Uint8Array, voxels: number): Float32Array | null {
  const size = voxels * Float32Array.BYTES_PER_ELEMENT;
  let bytes: Uint8Array;
  try {
    // At least one byte is asked of the limit.
    bytes = gunzipSync(content, { maxOutputLength: Math.max(1, size) });
  } catch {
    return null;
  }
  // Copied: in a buffer that is shared numbers may begin anywhere.
  return bytes.length === size ? new Float32Array(new Uint8Array(bytes).buffer) : null;
}
