/** Slope of an edge that was not coded from the row before. */
export const NEW_EDGE = 127;

/**
 * The rows of one slice: where each row changes between unpainted and painted (even entries: a run starts; odd: it has
 * ended), and by how much each edge moved from the row before.
 */
export class RowStore {
  edges = new Int32Array(256);
  slopes = new Int8Array(256);
  rows = new Int32Array(64);
  rowCount = 0;
  edgeCount = 0;

  clear(): void {
    this.rowCount = 0;
    this.edgeCount = 0;
    this.rows[0] = 0;
  }

  push(edge: number, slope: number): void {
    if (this.edgeCount === this.edges.length) {
      const edges = new Int32Array(this.edges.length * 2);
      edges.set(this.edges);
      this.edges = edges;
      const slopes = new Int8Array(edges.length);
      slopes.set(this.slopes);
      this.slopes = slopes;
    }
    this.edges[this.edgeCount] = edge;
    this.slopes[this.edgeCount++] = slope;
  }

  endRow(): void {
    if (this.rowCount + 2 > this.rows.length) {
      const rows = new Int32Array(this.rows.length * 2);
      rows.set(this.rows);
      this.rows = rows;
    }
    this.rows[++this.rowCount] = this.edgeCount;
  }

  /** First edge of row `row`; the row ends where the next one starts. */
  start(row: number): number {
    return this.rows[row] ?? 0;
  }

  end(row: number): number {
    return this.rows[row + 1] ?? 0;
  }
}
