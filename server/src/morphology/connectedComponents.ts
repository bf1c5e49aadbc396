import { voxelCount, type Dims, type VoxelBox } from '@voxcord/schemas/labelmap';

/** Neighbours by faces (6), faces and edges (18), or faces, edges and corners (26). */
export type Connectivity = 6 | 18 | 26;

export interface Components {
  /** Number of the component of each voxel, from 1 in the order of their first voxels; 0 where the input is 0. */
  readonly labels: Uint32Array;
  readonly count: number;
  /** Voxels of each component; entry 0 is unused. */
  readonly sizes: Uint32Array;
  /** Box of each component; entry 0 is a placeholder. */
  readonly boxes: readonly VoxelBox[];
}

/**
 * Maximal sets of connected voxels of the same value other than 0.
 *
 * Two passes with union-find (Rosenfeld and Pfaltz, J. ACM 13, 1966). Memory: four bytes per voxel.
 *
 * @param values one number per voxel, i fastest; length = dims[0]·dims[1]·dims[2]
 */
export function connectedComponents(
  values: Uint8Array | Uint16Array | Uint32Array,
  dims: Dims,
  connectivity: Connectivity = 26
): Components {
  const voxels = voxelCount(dims);
  if (values.length !== voxels) {
    throw new RangeError(`A ${dims.join(' x ')} grid has ${voxels} voxels, not ${values.length}.`);
  }
  const labels = new Uint32Array(voxels);
  const sets = new DisjointSets();
  firstPass(values, dims, connectivity, labels, sets);
  return secondPass(labels, dims, sets);
}

function firstPass(
  values: Uint8Array | Uint16Array | Uint32Array,
  [ni, nj, nk]: Dims,
  connectivity: Connectivity,
  labels: Uint32Array,
  sets: DisjointSets
): void {
  const before = earlierNeighbours(connectivity);
  const offsets = before.map(([di, dj, dk]) => di + ni * (dj + nj * dk));
  let voxel = 0;
  for (let k = 0; k < nk; k++) {
    for (let j = 0; j < nj; j++) {
      for (let i = 0; i < ni; i++, voxel++) {
        const value = values[voxel] ?? 0;
        if (value === 0) continue;
        let label = 0;
        for (let n = 0; n < before.length; n++) {
          const step = before[n];
          if (step === undefined) continue;
          const a = i + step[0];
          const b = j + step[1];
          if (a < 0 || a >= ni || b < 0 || b >= nj || k + step[2] < 0) continue;
          const other = voxel + (offsets[n] ?? 0);
          if (values[other] !== value) continue;
          const found = labels[other] ?? 0;
          if (label === 0) label = found;
          else if (label !== found) label = sets.unite(label, found);
        }
        labels[voxel] = label === 0 ? sets.add() : label;
      }
    }
  }
}

function secondPass(labels: Uint32Array, [ni, nj, nk]: Dims, sets: DisjointSets): Components {
  const numbers = new Uint32Array(sets.size);
  const sizes: number[] = [0];
  const boxes: { min: [number, number, number]; max: [number, number, number] }[] = [
    { min: [0, 0, 0], max: [-1, -1, -1] }
  ];
  let voxel = 0;
  for (let k = 0; k < nk; k++) {
    for (let j = 0; j < nj; j++) {
      for (let i = 0; i < ni; i++, voxel++) {
        const label = labels[voxel] ?? 0;
        if (label === 0) continue;
        const root = sets.find(label);
        let number = numbers[root] ?? 0;
        if (number === 0) {
          number = sizes.length;
          numbers[root] = number;
          sizes.push(0);
          boxes.push({ min: [i, j, k], max: [i, j, k] });
        }
        labels[voxel] = number;
        sizes[number] = (sizes[number] ?? 0) + 1;
        const box = boxes[number];
        if (box !== undefined) include(box, i, j, k);
      }
    }
  }
  return { labels, count: sizes.length - 1, sizes: Uint32Array.from(sizes), boxes };
}

function include(
  box: { min: [number, number, number]; max: [number, number, number] },
  i: number,
  j: number,
  k: number
): void {
  if (i < box.min[0]) box.min[0] = i;
  if (i > box.max[0]) box.max[0] = i;
  if (j < box.min[1]) box.min[1] = j;
  if (j > box.max[1]) box.max[1] = j;
  // Slices come in order.
  box.max[2] = k;
}

/** Steps to the neighbours that come earlier in linear order. */
function earlierNeighbours(connectivity: Connectivity): readonly (readonly [number, number, number])[] {
  const most = connectivity === 6 ? 1 : connectivity === 18 ? 2 : 3;
  const steps: [number, number, number][] = [];
  for (let dk = -1; dk <= 0; dk++) {
    for (let dj = -1; dj <= 1; dj++) {
      for (let di = -1; di <= 1; di++) {
        const isEarlier = dk < 0 || dj < 0 || (dj === 0 && di < 0);
        if (isEarlier && Math.abs(di) + Math.abs(dj) + Math.abs(dk) <= most) steps.push([di, dj, dk]);
      }
    }
  }
  return steps;
}

/** Union-find with path halving; the smallest number of a set stands for it. */
class DisjointSets {
  private parents = new Uint32Array(1024);
  size = 1;

  add(): number {
    if (this.size === this.parents.length) {
      const larger = new Uint32Array(2 * this.size);
      larger.set(this.parents);
      this.parents = larger;
    }
    this.parents[this.size] = this.size;
    return this.size++;
  }

  find(element: number): number {
    const { parents } = this;
    let current = element;
    for (;;) {
      const parent = parents[current] ?? 0;
      if (parent === current) return current;
      const above = parents[parent] ?? 0;
      parents[current] = above;
      current = above;
    }
  }

  unite(a: number, b: number): number {
    const first = this.find(a);
    const second = this.find(b);
    const low = Math.min(first, second);
    this.parents[Math.max(first, second)] = low;
    return low;
  }
}
