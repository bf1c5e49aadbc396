/** Votes of a region, all labels at once. */
export interface LabelVotes {
  readonly readers: number;
  /** Label that reader r gave in row n: `table[n * readers + r]`. */
  readonly table: Uint8Array;
  readonly counts: Float64Array;
}

export interface MultiLabelOptions {
  /** Largest change of a confusion rate at which the estimate stops; ITK's TerminationUpdateThreshold. */
  readonly terminationThreshold?: number;
  readonly maximumIterations?: number;
  /** Prior of each label from 0 on; left out: the share of each label in all reads. */
  readonly priors?: readonly number[];
  /**
   * `itk5.2`: seeds of before 2026, where a tied vote counts for the background of the next label. Only for reproducing
   * old results.
   */
  readonly compatibility?: 'itk5.2';
}

export interface MultiLabelEstimate {
  /** Labels from 0 to the largest one. */
  readonly labels: number;
  /** Rate with which reader r says j where c is true: `confusion[(r * (labels + 1) + j) * labels + c]`. */
  readonly confusion: Float64Array;
  readonly priors: Float64Array;
  /** Probability of label c in row n: `posterior[n * labels + c]`; all 0 where no label explains the votes. */
  readonly posterior: Float64Array;
  /** Most probable label of each row; `labels` where there is none, or several. */
  readonly winners: Uint16Array;
  /** Index of the last iteration, from 0. */
  readonly iterations: number;
  readonly converged: boolean;
}

const DEFAULT_THRESHOLD = 1e-5;
const DEFAULT_MAXIMUM = 100_000;
/** Relative difference below which probabilities are equal: products in another order are not rounded alike. */
const EQUAL = 1e-12;

/**
 * STAPLE for several labels (Rohlfing, Russakoff, Maurer, IEEE TMI 2004;23:983) in the order of computation of ITK's
 * MultiLabelSTAPLEImageFilter, with double precision. Seeds come from the plurality vote, whose ties are skipped.
 */
export function stapleMultiLabel(votes: LabelVotes, options: MultiLabelOptions = {}): MultiLabelEstimate {
  const { terminationThreshold = DEFAULT_THRESHOLD, maximumIterations = DEFAULT_MAXIMUM } = options;
  const labels = votes.table.reduce((most, label) => Math.max(most, label), 0) + 1;
  const priors = options.priors === undefined ? sharesOfLabels(votes, labels) : Float64Array.from(options.priors);
  if (priors.length < labels) throw new RangeError(`${labels} labels need as many priors, not ${priors.length}.`);
  let confusion = seeds(votes, labels, options.compatibility === 'itk5.2');
  const posterior = new Float64Array(votes.counts.length * labels);
  let iterations = 0;
  let converged = false;
  for (; iterations < maximumIterations; iterations++) {
    estimatePosterior(votes, labels, priors, confusion, posterior);
    const next = estimateConfusion(votes, labels, posterior);
    const change = confusion.reduce((most, rate, n) => Math.max(most, Math.abs(rate - (next[n] ?? 0))), 0);
    confusion = next;
    converged = change < terminationThreshold;
    if (converged) break;
  }
  const winners = estimatePosterior(votes, labels, priors, confusion, posterior);
  return { labels, confusion, priors, posterior, winners, iterations, converged };
}

function sharesOfLabels({ table, counts, readers }: LabelVotes, labels: number): Float64Array {
  const shares = new Float64Array(labels);
  let total = 0;
  for (let row = 0; row < counts.length; row++) {
    const count = counts[row] ?? 0;
    for (let r = 0; r < readers; r++) {
      const label = table[row * readers + r] ?? 0;
      shares[label] = (shares[label] ?? 0) + count;
    }
    total += count * readers;
  }
  return total === 0 ? shares : shares.map(sum => sum / total);
}

/** How often each reader gave a label where the plurality gave one, normalised per given label. */
function seeds({ table, counts, readers }: LabelVotes, labels: number, countTies: boolean): Float64Array {
  const confusion = new Float64Array(readers * (labels + 1) * labels);
  const sums = new Uint8Array(labels);
  for (let row = 0; row < counts.length; row++) {
    const winner = plurality(table, row * readers, readers, sums);
    if (winner === labels && !countTies) continue;
    for (let r = 0; r < readers; r++) {
      const given = table[row * readers + r] ?? 0;
      // The column after the last one is the first one of the next row: that is what old versions of ITK did.
      const at = (r * (labels + 1) + given) * labels + winner;
      confusion[at] = (confusion[at] ?? 0) + (counts[row] ?? 0);
    }
  }
  for (let start = 0; start < confusion.length; start += labels) {
    scaleToOne(confusion.subarray(start, start + labels));
  }
  return confusion;
}

/** The label with the most votes; `sums.length` if several have as many. */
function plurality(table: Uint8Array, start: number, readers: number, sums: Uint8Array): number {
  sums.fill(0);
  let most = 0;
  let winner = sums.length;
  for (let n = start; n < start + readers; n++) {
    const label = table[n] ?? 0;
    const sum = (sums[label] ?? 0) + 1;
    sums[label] = sum;
    if (sum > most) {
      most = sum;
      winner = label;
    } else if (sum === most) winner = sums.length;
  }
  return winner;
}

function scaleToOne(rates: Float64Array): void {
  const sum = rates.reduce((total, rate) => total + rate, 0);
  if (sum > 0) for (let n = 0; n < rates.length; n++) rates[n] = (rates[n] ?? 0) / sum;
}

/** Fills `posterior` and answers the most probable label of each row. */
function estimatePosterior(
  { table, counts, readers }: LabelVotes,
  labels: number,
  priors: Float64Array,
  confusion: Float64Array,
  posterior: Float64Array
): Uint16Array {
  const winners = new Uint16Array(counts.length);
  for (let row = 0; row < counts.length; row++) {
    const probabilities = posterior.subarray(row * labels, (row + 1) * labels);
    let sum = 0;
    for (let c = 0; c < labels; c++) {
      let probability = priors[c] ?? 0;
      for (let r = 0; r < readers && probability > 0; r++) {
        const given = table[row * readers + r] ?? 0;
        probability *= confusion[(r * (labels + 1) + given) * labels + c] ?? 0;
      }
      probabilities[c] = probability;
      sum += probability;
    }
    if (sum > 0) for (let c = 0; c < labels; c++) probabilities[c] = (probabilities[c] ?? 0) / sum;
    winners[row] = mostProbable(probabilities);
  }
  return winners;
}

/** The label with the highest probability; `probabilities.length` if there is none, or several. */
function mostProbable(probabilities: Float64Array): number {
  const [first, second] = mostProbableLabels(probabilities);
  return first === undefined || second !== undefined ? probabilities.length : first;
}

/** All labels with the highest probability, if that is above 0. */
export function mostProbableLabels(probabilities: Float64Array): number[] {
  let most = 0;
  for (const probability of probabilities) if (probability > most) most = probability;
  const labels: number[] = [];
  if (most === 0) return labels;
  probabilities.forEach((probability, label) => {
    if (probability >= most * (1 - EQUAL)) labels.push(label);
  });
  return labels;
}

/** Rates with which readers give labels, normalised per true label. */
function estimateConfusion(
  { table, counts, readers }: LabelVotes,
  labels: number,
  posterior: Float64Array
): Float64Array {
  const confusion = new Float64Array(readers * (labels + 1) * labels);
  for (let row = 0; row < counts.length; row++) {
    const count = counts[row] ?? 0;
    for (let r = 0; r < readers; r++) {
      const start = (r * (labels + 1) + (table[row * readers + r] ?? 0)) * labels;
      for (let c = 0; c < labels; c++) {
        confusion[start + c] = (confusion[start + c] ?? 0) + count * (posterior[row * labels + c] ?? 0);
      }
    }
  }
  for (let r = 0; r < readers; r++) {
    const first = r * (labels + 1) * labels;
    for (let c = 0; c < labels; c++) {
      let sum = 0;
      for (let j = 0; j <= labels; j++) sum += confusion[first + j * labels + c] ?? 0;
      if (sum === 0) continue;
      for (let j = 0; j <= labels; j++) {
        const at = first + j * labels + c;
        confusion[at] = (confusion[at] ?? 0) / sum;
      }
    }
  }
  return confusion;
}

/** Sensitivity and specificity of each reader for one label, from the confusion rates and what was found. */
export function performanceForLabel(
  { counts, readers }: LabelVotes,
  { labels, confusion, posterior }: MultiLabelEstimate,
  label: number
): { sensitivity: number | null; specificity: number | null }[] {
  const mass = new Float64Array(labels);
  for (let row = 0; row < counts.length; row++) {
    for (let c = 0; c < labels; c++) {
      mass[c] = (mass[c] ?? 0) + (counts[row] ?? 0) * (posterior[row * labels + c] ?? 0);
    }
  }
  return Array.from({ length: readers }, (_, r) => {
    const rate = (c: number): number => confusion[(r * (labels + 1) + label) * labels + c] ?? 0;
    let others = 0;
    let wrong = 0;
    for (let c = 0; c < labels; c++) {
      if (c === label) continue;
      others += mass[c] ?? 0;
      wrong += (mass[c] ?? 0) * rate(c);
    }
    return {
      sensitivity: (mass[label] ?? 0) > 0 ? rate(label) : null,
      specificity: others > 0 ? 1 - wrong / others : null
    };
  });
}
