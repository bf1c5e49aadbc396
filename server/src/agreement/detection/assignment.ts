/**
 * Pairs rows and columns one to one so that the sum of their scores is the largest possible; a pair without a score above
 * 0 is none. Kuhn's and Munkres' method with potentials (Jonker and Volgenant): cubic in the number of rows and columns.
 *
 * @returns for each row its column, or null
 */
export function bestAssignment(scores: readonly (readonly number[])[]): (number | null)[] {
  const rows = scores.length;
  const columns = scores[0]?.length ?? 0;
  const size = Math.max(rows, columns);
  const cost = (row: number, column: number): number => -Math.max(0, scores[row - 1]?.[column - 1] ?? 0);
  const rowPotential = new Float64Array(size + 1);
  const columnPotential = new Float64Array(size + 1);
  const rowOf = new Int32Array(size + 1);
  for (let row = 1; row <= size; row++) {
    const smallest = new Float64Array(size + 1).fill(Infinity);
    const cameFrom = new Int32Array(size + 1);
    const isDone = new Uint8Array(size + 1);
    rowOf[0] = row;
    let column = 0;
    do {
      isDone[column] = 1;
      const at = rowOf[column] ?? 0;
      let [step, next] = [Infinity, 0];
      for (let other = 1; other <= size; other++) {
        if (isDone[other] === 1) continue;
        const reduced = cost(at, other) - (rowPotential[at] ?? 0) - (columnPotential[other] ?? 0);
        if (reduced < (smallest[other] ?? 0)) {
          smallest[other] = reduced;
          cameFrom[other] = column;
        }
        if ((smallest[other] ?? 0) < step) [step, next] = [smallest[other] ?? 0, other];
      }
      for (let other = 0; other <= size; other++) {
        if (isDone[other] === 1) {
          const owner = rowOf[other] ?? 0;
          rowPotential[owner] = (rowPotential[owner] ?? 0) + step;
          columnPotential[other] = (columnPotential[other] ?? 0) - step;
        } else smallest[other] = (smallest[other] ?? 0) - step;
      }
      column = next;
    } while (rowOf[column] !== 0);
    while (column !== 0) {
      const before = cameFrom[column] ?? 0;
      rowOf[column] = rowOf[before] ?? 0;
      column = before;
    }
  }
  const result: (number | null)[] = Array.from({ length: rows }, () => null);
  for (let column = 1; column <= columns; column++) {
    const row = (rowOf[column] ?? 0) - 1;
    if (row >= 0 && row < rows && (scores[row]?.[column - 1] ?? 0) > 0) result[row] = column - 1;
  }
  return result;
}
