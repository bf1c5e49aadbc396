import { closeSync, openSync, readSync } from 'node:fs';
import { ResultFile } from './resultFiles.js';
import type { ScoredSlice } from './volumeResult.js';

/** Voxels at a time. */
const CHUNK = 65_536;
/** Index of the voxel (uint32) and score (float32), little-endian. */
const RECORD_BYTES = 8;

/** Records on their way to a file or from one. */
class Records {
  readonly bytes = new Uint8Array(CHUNK * RECORD_BYTES);
  readonly indices = new Uint32Array(this.bytes.buffer);
  readonly scores = new Float32Array(this.bytes.buffer);
}

/**
 * A file of the scores of what is marked: of each voxel whose strongest channel is one of some, its index on the grid of
 * the volume and the score of that channel. Slices stand in the order in which they come back from the network, from the
 * last one if it looks at the volume that way; within a slice voxels ascend. Memory: one chunk. Throws `InferenceError`.
 */
export class MarkScoresFile {
  private readonly file: ResultFile;
  private readonly isWanted = new Uint8Array(256);
  private readonly records = new Records();
  private filled = 0;
  private written = 0;

  constructor(path: string, channels: readonly number[]) {
    this.file = new ResultFile(path);
    for (const channel of channels) this.isWanted[channel] = 1;
  }

  /** Takes a slice; each comes once. */
  add({ k, labels, scores }: Omit<ScoredSlice, 'channels'>): void {
    const plane = labels.length;
    const { indices, scores: kept } = this.records;
    for (let n = 0; n < plane; n++) {
      const channel = labels[n] ?? 0;
      if (this.isWanted[channel] !== 1) continue;
      indices[2 * this.filled] = k * plane + n;
      kept[2 * this.filled + 1] = scores[channel * plane + n] ?? 0;
      this.filled += 1;
      if (this.filled === CHUNK) this.empty();
    }
  }

  /** Makes sure that it is on the disk. */
  finish(): void {
    this.empty();
    this.file.finish();
  }

  private empty(): void {
    const bytes = this.records.bytes.subarray(0, this.filled * RECORD_BYTES);
    this.file.write(bytes, this.written);
    this.written += bytes.length;
    this.filled = 0;
  }
}

/** Tells of each voxel in such a file, in its order. False if the file ends within a record. */
export function readMarkScores(path: string, take: (index: number, score: number) => void): boolean {
  const { bytes, indices, scores } = new Records();
  const file = openSync(path, 'r');
  try {
    for (;;) {
      let filled = 0;
      while (filled < bytes.length) {
        const count = readSync(file, bytes, filled, bytes.length - filled, null);
        if (count === 0) break;
        filled += count;
      }
      for (let n = 0; n < Math.floor(filled / RECORD_BYTES); n++) take(indices[2 * n] ?? 0, scores[2 * n + 1] ?? NaN);
      if (filled < bytes.length) return filled % RECORD_BYTES === 0;
    }
  } finally {
    closeSync(file);
  }
}
