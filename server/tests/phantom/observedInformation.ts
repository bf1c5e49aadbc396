import type { BinaryVotes } from '../../src/consensus/binaryVotes.js';

/**
 * Standard errors of sensitivities and specificities (p of each reader, then q of each) that maximise the likelihood of
 * votes on independent voxels with a known prior: from the inverse of the observed information, the negative matrix of
 * second derivatives of the log-likelihood at the estimate, by central differences.
 */
export function standardErrors(votes: BinaryVotes, prior: number, estimate: readonly number[]): number[] {
  const step = 1e-4;
  const at = (...moves: readonly (readonly [number, number])[]): number => {
    const moved = [...estimate];
    for (const [index, by] of moves) moved[index] = (moved[index] ?? 0) + by;
    return logLikelihood(votes, prior, moved);
  };
  const information = estimate.map((_, i) =>
    estimate.map((__, j) => {
      const mixed =
        at([i, step], [j, step]) - at([i, step], [j, -step]) - at([i, -step], [j, step]) + at([i, -step], [j, -step]);
      return -mixed / (4 * step * step);
    })
  );
  return inverse(information).map((row, n) => Math.sqrt(row[n] ?? NaN));
}

function logLikelihood({ readers, marks, counts }: BinaryVotes, prior: number, estimate: readonly number[]): number {
  let sum = 0;
  marks.forEach((mark, row) => {
    let inside = prior;
    let outside = 1 - prior;
    for (let r = 0; r < readers; r++) {
      const [p, q] = [estimate[r] ?? NaN, estimate[readers + r] ?? NaN];
      const isMarked = ((mark >>> r) & 1) === 1;
      inside *= isMarked ? p : 1 - p;
      outside *= isMarked ? 1 - q : q;
    }
    sum += (counts[row] ?? 0) * Math.log(inside + outside);
  });
  return sum;
}

/** Gauss-Jordan elimination with partial pivoting. */
function inverse(matrix: readonly (readonly number[])[]): number[][] {
  const size = matrix.length;
  const rows = matrix.map((row, i) => [...row, ...row.map((_, j) => (i === j ? 1 : 0))]);
  for (let column = 0; column < size; column++) {
    const sorted = rows.slice(column).sort((a, b) => Math.abs(b[column] ?? 0) - Math.abs(a[column] ?? 0));
    rows.splice(column, size - column, ...sorted);
    const pivot = rows[column] ?? [];
    const factor = pivot[column] ?? NaN;
    const scaled = pivot.map(value => value / factor);
    rows[column] = scaled;
    for (let other = 0; other < size; other++) {
      if (other === column) continue;
      const row = rows[other] ?? [];
      const share = row[column] ?? 0;
      rows[other] = row.map((value, n) => value - share * (scaled[n] ?? 0));
    }
  }
  return rows.map(row => row.slice(size));
}
