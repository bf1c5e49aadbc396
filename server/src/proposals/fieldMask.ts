import { voxelCount, type Dims } from '@voxcord/schemas/labelmap';
import type { WorkingGrid } from './workingGrid.js';

/** Two neighbours along an axis of a grid, and how much the second one counts. */
interface Between {
  readonly before: Int32Array;
  readonly after: Int32Array;
  readonly weights: Float32Array;
}

/** Voxels of the crop where the field, linear between the middles of blocks, is above 0. */
export function maskOfField(grid: WorkingGrid, field: Float32Array, crop: Dims): Uint8Array {
  const mask = new Uint8Array(voxelCount(crop));
  const { box, dims } = grid;
  const [across, along, up] = [betweenBlocks(grid, 0), betweenBlocks(grid, 1), betweenBlocks(grid, 2)];
  const line = new Float32Array(dims[0]);
  for (let k = box.min[2]; k <= box.max[2]; k++) {
    const c = k - box.min[2];
    const z = up.weights[c] ?? 0;
    for (let j = box.min[1]; j <= box.max[1]; j++) {
      const b = j - box.min[1];
      const y = along.weights[b] ?? 0;
      const row = (slice: number, line_: number): number => dims[0] * (line_ + dims[1] * slice);
      const [low, high] = [up.before[c] ?? 0, up.after[c] ?? 0];
      const [near, far] = [along.before[b] ?? 0, along.after[b] ?? 0];
      const rows = [row(low, near), row(low, far), row(high, near), row(high, far)] as const;
      for (let i = 0; i < line.length; i++) {
        const below = mix(field[rows[0] + i] ?? 0, field[rows[1] + i] ?? 0, y);
        const above = mix(field[rows[2] + i] ?? 0, field[rows[3] + i] ?? 0, y);
        line[i] = mix(below, above, z);
      }
      const target = crop[0] * (j + crop[1] * k);
      for (let i = box.min[0]; i <= box.max[0]; i++) {
        const a = i - box.min[0];
        const value = mix(line[across.before[a] ?? 0] ?? 0, line[across.after[a] ?? 0] ?? 0, across.weights[a] ?? 0);
        if (value > 0) mask[target + i] = 1;
      }
    }
  }
  return mask;
}

function mix(a: number, b: number, share: number): number {
  return a + (b - a) * share;
}

/** For each voxel of the box along an axis; beyond the middle of the last block its value stays. */
function betweenBlocks({ box, blocks, dims }: WorkingGrid, axis: 0 | 1 | 2): Between {
  const count = box.max[axis] - box.min[axis] + 1;
  const last = dims[axis] - 1;
  const [before, after, weights] = [new Int32Array(count), new Int32Array(count), new Float32Array(count)];
  for (let n = 0; n < count; n++) {
    const at = Math.min(last, Math.max(0, (n - (blocks[axis] - 1) / 2) / blocks[axis]));
    const first = Math.min(last, Math.floor(at));
    before[n] = first;
    after[n] = Math.min(last, first + 1);
    weights[n] = at - first;
  }
  return { before, after, weights };
}
