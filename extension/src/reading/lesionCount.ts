/** Counts along i, j, k of a label array with i fastest. */
export type Dims = readonly [number, number, number];

/**
 * How many separate objects each of `segments` has in `labels`: voxels that touch by a face, an edge or a corner
 * (26-connectivity) are one object, as in the consensus. Works on runs along i, so that it costs what is painted.
 */
export function countObjects(labels: Uint8Array, dims: Dims, segments: readonly number[]): ReadonlyMap<number, number> {
  const counts = new Map<number, number>();
  for (const segment of segments) counts.set(segment, new Objects(labels, dims, segment).count());
  return counts;
}

/** Runs of one segment, joined where they touch. */
class Objects {
  private readonly starts: number[] = [];
  private readonly ends: number[] = [];
  private readonly parents: number[] = [];
  /** Index of the first run of each row, and the number of runs at the end. */
  private readonly rows: Int32Array;

  constructor(
    private readonly labels: Uint8Array,
    private readonly dims: Dims,
    private readonly segment: number
  ) {
    this.rows = new Int32Array(dims[1] * dims[2] + 1);
  }

  count(): number {
    this.findRuns();
    const [, ny, nz] = this.dims;
    for (let k = 0; k < nz; k++) {
      for (let j = 0; j < ny; j++) {
        const row = j + ny * k;
        if (this.rows[row] === this.rows[row + 1]) continue;
        // Half of the neighbours: the others have this row as theirs.
        if (j > 0) this.join(row, row - 1);
        if (k === 0) continue;
        for (const dj of [-1, 0, 1]) {
          if (j + dj >= 0 && j + dj < ny) this.join(row, row - ny + dj);
        }
      }
    }
    return this.parents.reduce((roots, parent, run) => roots + (parent === run ? 1 : 0), 0);
  }

  private findRuns(): void {
    const { labels, segment } = this;
    const [nx, ny, nz] = this.dims;
    let position = labels.indexOf(segment);
    for (let row = 0; row < ny * nz; row++) {
      this.rows[row] = this.starts.length;
      const end = (row + 1) * nx;
      while (position !== -1 && position < end) {
        let after = position + 1;
        while (after < end && labels[after] === segment) after++;
        this.starts.push(position - row * nx);
        this.ends.push(after - row * nx);
        this.parents.push(this.parents.length);
        position = labels.indexOf(segment, after);
      }
    }
    this.rows[ny * nz] = this.starts.length;
  }

  /** Joins the runs of two rows that overlap or touch at a corner. */
  private join(row: number, other: number): void {
    let b = this.rows[other] ?? 0;
    const endOfOther = this.rows[other + 1] ?? 0;
    for (let a = this.rows[row] ?? 0; a < (this.rows[row + 1] ?? 0); a++) {
      const start = this.starts[a] ?? 0;
      const end = this.ends[a] ?? 0;
      while (b < endOfOther && (this.ends[b] ?? 0) < start) b++;
      for (let touching = b; touching < endOfOther && (this.starts[touching] ?? 0) <= end; touching++) {
        this.unite(a, touching);
      }
    }
  }

  private unite(a: number, b: number): void {
    const rootA = this.rootOf(a);
    const rootB = this.rootOf(b);
    if (rootA !== rootB) this.parents[Math.max(rootA, rootB)] = Math.min(rootA, rootB);
  }

  private rootOf(run: number): number {
    let root = run;
    for (let parent = this.parents[root] ?? root; parent !== root; parent = this.parents[root] ?? root) {
      this.parents[root] = this.parents[parent] ?? parent;
      root = parent;
    }
    return root;
  }
}
