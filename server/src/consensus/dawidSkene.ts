/** One answer: what a reader said of an item. Items, readers and categories are numbered from 0. */
export interface Answer {
  readonly item: number;
  readonly reader: number;
  readonly category: number;
}

export interface DawidSkeneOptions {
  readonly maximumIterations?: number;
  /** Change of the mean log-likelihood of an answer at which the estimate stops. */
  readonly tolerance?: number;
}

export interface DawidSkeneEstimate {
  /** Probability of category c for item i: `probabilities[i * categories + c]`. */
  readonly probabilities: Float64Array;
  /** Probability of each category before any answer is seen. */
  readonly priors: Float64Array;
  /** Rate with which reader r says j where c is true: `errors[(r * categories + j) * categories + c]`; 0 where unknown. */
  readonly errors: Float64Array;
  /** Most probable category of each item; null where nobody answered, or several are as probable. */
  readonly winners: readonly (number | null)[];
  readonly iterations: number;
}

const EQUAL = 1e-12;

/**
 * What a feature of a lesion is, from the categories that readers gave it: each reader has an unknown rate of errors for
 * each category (Dawid and Skene, Applied Statistics 1979;28:20). Starts from the shares of the answers. A reader may
 * leave items out: a missing answer says nothing.
 */
export function dawidSkene(
  answers: readonly Answer[],
  items: number,
  readers: number,
  categories: number,
  { maximumIterations = 100, tolerance = 1e-5 }: DawidSkeneOptions = {}
): DawidSkeneEstimate {
  const probabilities = shares(answers, items, categories);
  let priors = meanOf(probabilities, answers, items, categories);
  let errors = errorsOf(answers, probabilities, readers, categories);
  let iterations = 0;
  let likelihood = -Infinity;
  for (; iterations < maximumIterations; iterations++) {
    const next = expect(answers, probabilities, priors, errors, items, categories) / Math.max(1, answers.length);
    priors = meanOf(probabilities, answers, items, categories);
    errors = errorsOf(answers, probabilities, readers, categories);
    if (next - likelihood < tolerance) {
      iterations++;
      break;
    }
    likelihood = next;
  }
  return { probabilities, priors, errors, winners: winnersOf(probabilities, items, categories), iterations };
}

function shares(answers: readonly Answer[], items: number, categories: number): Float64Array {
  const sums = new Float64Array(items * categories);
  for (const { item, category } of answers) {
    const at = item * categories + category;
    sums[at] = (sums[at] ?? 0) + 1;
  }
  for (let item = 0; item < items; item++) scaleToOne(sums.subarray(item * categories, (item + 1) * categories));
  return sums;
}

function scaleToOne(values: Float64Array): void {
  const sum = values.reduce((total, value) => total + value, 0);
  if (sum > 0) for (let n = 0; n < values.length; n++) values[n] = (values[n] ?? 0) / sum;
}

/** Mean probability of each category over the items that somebody answered. */
function meanOf(
  probabilities: Float64Array,
  answers: readonly Answer[],
  items: number,
  categories: number
): Float64Array {
  const answered = new Set(answers.map(({ item }) => item));
  const means = new Float64Array(categories);
  for (let item = 0; item < items; item++) {
    if (!answered.has(item)) continue;
    for (let c = 0; c < categories; c++) {
      means[c] = (means[c] ?? 0) + (probabilities[item * categories + c] ?? 0) / answered.size;
    }
  }
  return means;
}

function errorsOf(
  answers: readonly Answer[],
  probabilities: Float64Array,
  readers: number,
  categories: number
): Float64Array {
  const errors = new Float64Array(readers * categories * categories);
  for (const { item, reader, category } of answers) {
    for (let c = 0; c < categories; c++) {
      const at = (reader * categories + category) * categories + c;
      errors[at] = (errors[at] ?? 0) + (probabilities[item * categories + c] ?? 0);
    }
  }
  for (let r = 0; r < readers; r++) {
    for (let c = 0; c < categories; c++) {
      let sum = 0;
      for (let j = 0; j < categories; j++) sum += errors[(r * categories + j) * categories + c] ?? 0;
      if (sum === 0) continue;
      for (let j = 0; j < categories; j++) {
        const at = (r * categories + j) * categories + c;
        errors[at] = (errors[at] ?? 0) / sum;
      }
    }
  }
  return errors;
}

/** Fills `probabilities`; answers the log-likelihood of all answers. */
function expect(
  answers: readonly Answer[],
  probabilities: Float64Array,
  priors: Float64Array,
  errors: Float64Array,
  items: number,
  categories: number
): number {
  const logs = new Float64Array(items * categories);
  for (let n = 0; n < logs.length; n++) logs[n] = Math.log(priors[n % categories] ?? 0);
  const answered = new Uint8Array(items);
  for (const { item, reader, category } of answers) {
    answered[item] = 1;
    for (let c = 0; c < categories; c++) {
      const at = item * categories + c;
      logs[at] = (logs[at] ?? 0) + Math.log(errors[(reader * categories + category) * categories + c] ?? 0);
    }
  }
  let likelihood = 0;
  for (let item = 0; item < items; item++) {
    if (answered[item] === 0) continue;
    const own = logs.subarray(item * categories, (item + 1) * categories);
    const most = Math.max(...own);
    let sum = 0;
    for (const log of own) sum += Math.exp(log - most);
    likelihood += most + Math.log(sum);
    for (let c = 0; c < categories; c++) {
      probabilities[item * categories + c] = Math.exp((own[c] ?? 0) - most) / sum;
    }
  }
  return likelihood;
}

function winnersOf(probabilities: Float64Array, items: number, categories: number): (number | null)[] {
  return Array.from({ length: items }, (_, item) => {
    const own = [...probabilities.subarray(item * categories, (item + 1) * categories)];
    const most = Math.max(...own);
    const first = own.flatMap((value, c) => (most > 0 && value >= most * (1 - EQUAL) ? [c] : []));
    return first.length === 1 ? (first[0] ?? null) : null;
  });
}
