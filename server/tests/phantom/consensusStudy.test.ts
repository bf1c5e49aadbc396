import type { RegionRule, ShapeMethod } from '@voxcord/schemas/api';
import { beforeAll, describe, expect, test } from 'vitest';
import { votesForSegment, type BinaryVotes } from '../../src/consensus/binaryVotes.js';
import { consensusOfCase } from '../../src/consensus/consensusOfCase.js';
import { staple } from '../../src/consensus/staple.js';
import { readVotes } from '../../src/consensus/votePatterns.js';
import {
  coinReader,
  NODULE,
  Random,
  READER_PROFILES,
  SimulatedReaders,
  type ReaderProfileName
} from '../../src/phantom/index.js';
import { standardErrors } from './observedInformation.js';
import { aroundOneNodule, mean } from './phantoms.js';

describe('STAPLE on a phantom, read by throwing coins of known sensitivity and specificity', () => {
  const made = aroundOneNodule(21, 25, [0.8, 0.8, 1.25]);
  const truth = made.phase.labels.map(label => (label === NODULE ? 1 : 0));
  const inside = truth.reduce((sum, value) => sum + value, 0);
  const { dims } = made.plan.grid;
  const TRIALS = 25;

  interface Trial {
    /** Sensitivities of the five readers, then their specificities. */
    readonly known: readonly number[];
    readonly votes: BinaryVotes;
  }

  const random = new Random(17);
  const trials = Array.from({ length: TRIALS }, (): Trial => {
    const readers = Array.from({ length: 5 }, () => ({
      sensitivity: random.between(0.8, 0.98),
      specificity: random.between(0.93, 0.995),
      seed: random.integer()
    }));
    const reads = readers.map(reader => coinReader(truth, reader));
    const { votes } = votesForSegment(readVotes(reads, dims), 1, [0, 1, 2, 3, 4]);
    return { known: [...readers.map(({ sensitivity: p }) => p), ...readers.map(({ specificity: q }) => q)], votes };
  });

  /**
   * The interval of an estimate is ±4 standard errors from the observed information. STAPLE takes its prior as known;
   * here it is: the confidence weight turns the mean share of votes into the true share of voxels.
   */
  test('finds each within its confidence interval, without bias and as surely as it says, if the prior is right', () => {
    const prior = inside / truth.length;
    const scores = trials.flatMap(({ known, votes }) => {
      const meanShare = staple(votes, { maximumIterations: 1 }).prior;
      const estimate = staple(votes, { confidenceWeight: prior / meanShare });
      const estimated = [...estimate.sensitivity, ...estimate.specificity];
      const errors = standardErrors(votes, prior, estimated);
      const volume = estimate.posterior.reduce((sum, p, row) => sum + p * (votes.counts[row] ?? 0), 0);
      expect(Math.abs(volume / inside - 1)).toBeLessThan(0.02);
      return known.map((value, n) => ((estimated[n] ?? NaN) - value) / (errors[n] ?? NaN));
    });
    expect(scores.length).toBe(TRIALS * 10);
    for (const score of scores) expect(Math.abs(score)).toBeLessThan(4);
    expect(Math.abs(mean(scores))).toBeLessThan(0.25);
    const spread = mean(scores.map(score => score ** 2));
    expect(spread).toBeGreaterThan(0.7);
    expect(spread).toBeLessThan(1.4);
  });

  test("errs by a few standard errors with ITK's own prior, which counts false marks: less than 0.02 everywhere", () => {
    for (const { known, votes } of trials) {
      const estimate = staple(votes);
      expect(estimate.prior).toBeGreaterThan(inside / truth.length);
      [...estimate.sensitivity, ...estimate.specificity].forEach((value, n) => {
        expect(Math.abs(value - (known[n] ?? NaN))).toBeLessThan(0.02);
      });
    }
  });
});

const AT_BORDER: RegionRule = { rule: 'margin', millimetres: 2 };
const WITH_BACKGROUND: RegionRule = { rule: 'margin', millimetres: 10 };
const METHODS = {
  vote: { id: 'vote.kofn', threshold: null, ties: 'background' },
  sba: { id: 'sba', ties: 'background' },
  'STAPLE at the border': { id: 'staple.binary.itk', confidenceWeight: 1, region: AT_BORDER },
  'STAPLE with background': { id: 'staple.binary.itk', confidenceWeight: 1, region: WITH_BACKGROUND }
} as const satisfies Record<string, ShapeMethod>;
type MethodName = keyof typeof METHODS;
const METHOD_NAMES = Object.keys(METHODS) as MethodName[];

describe('the volume of the consensus of simulated readers, who draw borders as people do', () => {
  const ALL: readonly ReaderProfileName[] = ['expert', 'tight', 'generous', 'hasty', 'expert'];
  const DIAMETERS = [12, 18, 25];
  const SEEDS_EACH = 6;
  /** Relative errors of the volume against the exact one. */
  const single = ALL.map((): number[] => []);
  const of = { 3: noErrors(), 5: noErrors() };

  beforeAll(() => {
    for (const diameter of DIAMETERS) {
      for (let seed = 1; seed <= SEEDS_EACH; seed++) {
        const { plan, phase } = aroundOneNodule(100 * diameter + seed, diameter, [0.8, 0.8, 2.5]);
        const exact = phase.nodules[0]?.nodule.volumeMm3 ?? NaN;
        const error = (labels: Uint8Array): number => {
          const voxels = labels.reduce((sum, label) => sum + (label === NODULE ? 1 : 0), 0);
          return Math.abs((voxels * 0.8 * 0.8 * 2.5) / exact - 1);
        };
        const readers = new SimulatedReaders(plan, phase);
        const reads = ALL.map((name, r) => {
          // Presence is voted on before shape: this is about shape, so that everybody sees the nodule.
          const profile = { ...READER_PROFILES[name], missed: [0, 0, 0] as const };
          const { labels } = readers.read(profile, 10_000 * diameter + 100 * seed + r);
          single[r]?.push(error(labels));
          return { id: `reader ${r}`, labels };
        });
        for (const count of [3, 5] as const) {
          for (const name of METHOD_NAMES) {
            const { labels } = consensusOfCase({
              dims: [...plan.grid.dims],
              spacing: [0.8, 0.8, 2.5],
              reads: reads.slice(0, count),
              rules: [{ kind: 'structure', segment: NODULE, method: METHODS[name] }]
            });
            of[count][name].push(error(labels));
          }
        }
      }
    }
  }, 120_000);

  /** Mean error of the reader who is best on average, of the first `count`. */
  function best(count: number): number {
    return Math.min(...single.slice(0, count).map(mean));
  }

  test('errs with three readers of different habits less than the best of them, by whatever method', () => {
    for (const name of METHOD_NAMES) {
      expect(of[3][name].length).toBe(DIAMETERS.length * SEEDS_EACH);
      expect(mean(of[3][name])).toBeLessThan(best(3));
    }
  });

  test('errs with five readers less than the best of them, by vote and by shape', () => {
    expect(mean(of[5].vote)).toBeLessThan(best(5));
    expect(mean(of[5].sba)).toBeLessThan(best(5));
  });

  test('by STAPLE with five readers is no better than the best of them: who draws too much is believed', () => {
    // Errors at a border are not independent from voxel to voxel, as STAPLE assumes: background makes it worse.
    expect(mean(of[5]['STAPLE with background'])).toBeGreaterThan(best(5));
    expect(mean(of[5]['STAPLE at the border'])).toBeLessThan(mean(of[5]['STAPLE with background']));
    expect(mean(of[5].vote)).toBeLessThan(mean(of[5]['STAPLE at the border']));
  });
});

function noErrors(): Record<MethodName, number[]> {
  return { vote: [], sba: [], 'STAPLE at the border': [], 'STAPLE with background': [] };
}
