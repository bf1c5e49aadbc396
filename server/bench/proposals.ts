import { tellRows } from '../../schemas/bench/benchRow.ts';
import { performProposal } from '../lib/proposals/proposalTask.js';
import { Random } from '../lib/phantom/index.js';

/*
 * How long a proposal takes from the stored voxels of a 256³ crop to its runs, by the method that needs no model: small and
 * large things, one click and many. Needs `tsc -b schemas server` first.
 *
 *   node server/bench/proposals.ts [--quick]
 */

const EDGE = 256;
const SPACING = [0.8, 0.8, 0.8] as const;
const BUDGET = 2000;
/** The best of so many runs counts: the machine may be busy with others. */
const RUNS = process.argv.includes('--quick') ? 1 : 3;

const MIDDLE = [128, 128, 128] as const;

/** A ball in something darker, with noise of a CT. */
function crop(radius: number): Int16Array {
  const random = new Random(7);
  const noise = Float64Array.from({ length: 4096 }, () => 14 * random.normal());
  const values = new Int16Array(EDGE ** 3);
  for (let k = 0, index = 0; k < EDGE; k++) {
    for (let j = 0; j < EDGE; j++) {
      for (let i = 0; i < EDGE; i++, index++) {
        const away = SPACING[0] * Math.hypot(i - MIDDLE[0], j - MIDDLE[1], k - MIDDLE[2]);
        values[index] = (away <= radius ? 140 : 100) + (noise[(index * 2654435761) & 4095] ?? 0);
      }
    }
  }
  return values;
}

/** Milliseconds. */
function measure(radius: number, clicks: number): number {
  const values = crop(radius);
  const apart = (radius / SPACING[0]) * 0.7;
  const places = Array.from({ length: clicks }, (_, n) => {
    if (n === 0) return { at: MIDDLE, on: true };
    const angle = (2 * Math.PI * n) / clicks;
    const on = n % 2 === 0;
    const away = on ? apart : 2 * apart;
    return { at: [128 + away * Math.cos(angle), 128 + away * Math.sin(angle), 128] as const, on };
  });
  let best = Infinity;
  for (let run = 0; run < RUNS; run++) {
    const bytes = new Uint8Array(values.byteLength);
    bytes.set(new Uint8Array(values.buffer));
    const box = { min: [0, 0, 0], max: [EDGE - 1, EDGE - 1, EDGE - 1] } as const;
    const stored = { box, voxelType: 'int16', slope: 1, intercept: 0, bytes } as const;
    const began = performance.now();
    performProposal({ crop: stored, spacing: SPACING, dims: [EDGE, EDGE, EDGE], places }, () => undefined);
    best = Math.min(best, performance.now() - began);
  }
  return best;
}

const rows = [
  { radius: 8, clicks: 1 },
  { radius: 35, clicks: 1 },
  { radius: 35, clicks: 9 }
].map(({ radius, clicks }) => {
  const milliseconds = measure(radius, clicks);
  return {
    what: `proposal in a 256³ crop, ${2 * radius} mm, ${clicks === 1 ? 'one click' : `${clicks} clicks`}`,
    unit: 'ms',
    measured: milliseconds,
    budget: `<= ${BUDGET} ms`,
    holds: milliseconds <= BUDGET,
    baseline: null,
    ratio: null
  };
});
tellRows(rows);
