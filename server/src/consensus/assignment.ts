/** A possible pair and what it costs. */
export interface Candidate {
  readonly row: number;
  readonly column: number;
  /** 0 to 1; less is better. */
  readonly cost: number;
}

/** Costs more than all pairs together that it could stand for. */
const NO_PAIR = 1e6;

/**
 * Pairs such that each row and each column is in one pair at most: as many as possible, and of these the cheapest
 * (Kuhn-Munkres with potentials, in O(n³) for each connected part of the candidates).
 */
export function assign(candidates: readonly Candidate[]): Candidate[] {
  return connectedParts(candidates).flatMap(assignPart);
}

/** Candidates that share rows or columns, directly or through others. */
function connectedParts(candidates: readonly Candidate[]): Candidate[][] {
  const parents = new Map<string, string>();
  const find = (key: string): string => {
    let current = key;
    for (let parent = parents.get(current); parent !== undefined; parent = parents.get(current)) current = parent;
    return current;
  };
  for (const { row, column } of candidates) {
    const a = find(`r${row}`);
    const b = find(`c${column}`);
    if (a !== b) parents.set(a, b);
  }
  return [...Map.groupBy(candidates, ({ row }) => find(`r${row}`)).values()];
}

function assignPart(candidates: readonly Candidate[]): Candidate[] {
  const rows = [...new Set(candidates.map(({ row }) => row))].sort((a, b) => a - b);
  const columns = [...new Set(candidates.map(({ column }) => column))].sort((a, b) => a - b);
  const size = Math.max(rows.length, columns.length);
  const costs = new Float64Array(size * size).fill(NO_PAIR);
  for (const { row, column, cost } of candidates) costs[rows.indexOf(row) * size + columns.indexOf(column)] = cost;
  const rowOfColumn = hungarian(costs, size);
  const wanted = new Set(columns.map((column, c) => `${rows[rowOfColumn[c] ?? -1] ?? -1},${column}`));
  return candidates.filter(({ row, column }) => wanted.has(`${row},${column}`));
}

/** The row of each column in the cheapest complete assignment of a square matrix. */
function hungarian(costs: Float64Array, size: number): Int32Array {
  const ofRows = new Float64Array(size + 1);
  const ofColumns = new Float64Array(size + 1);
  const matched = new Int32Array(size + 1);
  const cameFrom = new Int32Array(size + 1);
  for (let row = 1; row <= size; row++) {
    matched[0] = row;
    let column = 0;
    const slack = new Float64Array(size + 1).fill(Infinity);
    const used = new Uint8Array(size + 1);
    do {
      used[column] = 1;
      const current = matched[column] ?? 0;
      let delta = Infinity;
      let next = 0;
      for (let c = 1; c <= size; c++) {
        if (used[c] === 1) continue;
        const cost = costs[(current - 1) * size + c - 1] ?? NO_PAIR;
        const reduced = cost - (ofRows[current] ?? 0) - (ofColumns[c] ?? 0);
        if (reduced < (slack[c] ?? 0)) {
          slack[c] = reduced;
          cameFrom[c] = column;
        }
        if ((slack[c] ?? 0) < delta) {
          delta = slack[c] ?? 0;
          next = c;
        }
      }
      for (let c = 0; c <= size; c++) {
        if (used[c] === 1) {
          const holder = matched[c] ?? 0;
          ofRows[holder] = (ofRows[holder] ?? 0) + delta;
          ofColumns[c] = (ofColumns[c] ?? 0) - delta;
        } else slack[c] = (slack[c] ?? 0) - delta;
      }
      column = next;
    } while (matched[column] !== 0);
    while (column !== 0) {
      const before = cameFrom[column] ?? 0;
      matched[column] = matched[before] ?? 0;
      column = before;
    }
  }
  return matched.subarray(1).map(row => row - 1);
}
