import { beforeAll, describe, expect, test } from 'vitest';
import { drawAcquisition } from '../../src/phantom/acquisition.js';
import { TISSUES, type Phase, type TissueName } from '../../src/phantom/tissues.js';
import { deviation, make, mean, valuesDeepIn, type Made } from './phantoms.js';

/*
 * Ranges as measured on clinical abdominal CT: noise of 10 to 18 HU, correlated by 0.64 to 0.88 in plane and by 0.19 to
 * 0.45 between slices at 0.8 x 0.8 x 5 mm; native liver 46 (SD 13), portal venous liver 91 to 120, spleen 81 (SD 17), aorta
 * 155 (SD 35), portal vein 142 (SD 12).
 */

const SPACING: [number, number, number] = [0.8, 0.8, 5];
const SEED = 11;

describe('noise', () => {
  const grid = { seed: SEED, spacing: SPACING, dims: [64, 64, 24] as const, centre: [80, 0, 0] as const, mimics: [] };
  let noise = new Float64Array(0);
  const { noiseSd, inPlaneCorrelation, betweenSlices } = drawAcquisition(SEED);

  beforeAll(() => {
    const noisy = make({ ...grid, noduleDiameters: [] }).phase.image;
    const still = make({ ...grid, noduleDiameters: [], acquisition: { noiseSd: 0 } }).phase.image;
    noise = Float64Array.from(noisy, (value, n) => value - (still[n] ?? 0));
  }, 60_000);

  function correlation(step: number, isPair: (voxel: number) => boolean): number {
    let sum = 0;
    let count = 0;
    for (let n = 0; n + step < noise.length; n++) {
      if (!isPair(n)) continue;
      sum += (noise[n] ?? 0) * (noise[n + step] ?? 0);
      count++;
    }
    return sum / count / deviation(noise) ** 2;
  }

  test('has no bias and the standard deviation that the acquisition states, 10 to 18 HU', () => {
    expect(Math.abs(mean(noise))).toBeLessThan(0.5);
    expect(noiseSd).toBeGreaterThanOrEqual(10);
    expect(noiseSd).toBeLessThanOrEqual(18);
    expect(Math.abs(deviation(noise) / noiseSd - 1)).toBeLessThan(0.03);
  });

  test('is correlated in plane as the acquisition states, 0.64 to 0.88, along rows and columns', () => {
    const alongRows = correlation(1, n => n % 64 < 63);
    const alongColumns = correlation(64, n => Math.floor(n / 64) % 64 < 63);
    for (const measured of [alongRows, alongColumns]) {
      expect(measured).toBeGreaterThan(0.64);
      expect(measured).toBeLessThan(0.88);
      expect(Math.abs(measured - inPlaneCorrelation)).toBeLessThan(0.03);
    }
  });

  test('is correlated between neighbouring slices as the acquisition states, 0.19 to 0.45, and no further', () => {
    const next = correlation(64 * 64, () => true);
    expect(next).toBeGreaterThan(0.19);
    expect(next).toBeLessThan(0.45);
    expect(Math.abs(next - betweenSlices)).toBeLessThan(0.04);
    expect(Math.abs(correlation(2 * 64 * 64, () => true))).toBeLessThan(betweenSlices ** 2 + 0.05);
  });

  test('every seed draws an acquisition within the measured ranges', () => {
    for (let seed = 0; seed < 500; seed++) {
      const drawn = drawAcquisition(seed);
      expect(drawn.noiseSd).toBeGreaterThanOrEqual(10);
      expect(drawn.noiseSd).toBeLessThanOrEqual(18);
      expect(drawn.inPlaneCorrelation).toBeGreaterThanOrEqual(0.64);
      expect(drawn.inPlaneCorrelation).toBeLessThanOrEqual(0.88);
      expect(drawn.betweenSlices).toBeGreaterThanOrEqual(0.19);
      expect(drawn.betweenSlices).toBeLessThanOrEqual(0.45);
      expect(drawn.blurMm).toBeGreaterThanOrEqual(0.5);
      expect(drawn.blurMm).toBeLessThanOrEqual(0.8);
    }
  });
});

describe.each<Phase>(['native', 'arterial', 'portal', 'delayed'])('CT numbers in the %s phase', phase => {
  const index = ['native', 'arterial', 'portal', 'delayed'].indexOf(phase);
  let made: Made;

  beforeAll(() => {
    made = make(
      { seed: SEED, spacing: [2, 2, 5], dims: [164, 120, 16], centre: [0, 0, 42], noduleDiameters: [], mimics: [] },
      phase
    );
  }, 60_000);

  test.each<[TissueName, number]>([
    ['liver', 5],
    ['spleen', 4],
    ['aorta', 3.5],
    ['renalCortex', 2.5],
    ['muscle', 5.5],
    ['fat', 4],
    ['lung', 3.5],
    ['corticalBone', 0.2]
  ])('of %s are those of the table', (tissue, margin) => {
    const values = valuesDeepIn(made, tissue, margin);
    const wanted = TISSUES[tissue].hu[index] ?? NaN;
    expect(values.length).toBeGreaterThan(10);
    const slack = (4 * Math.hypot(14, TISSUES[tissue].texture)) / Math.sqrt(values.length / 16);
    const blurred = tissue === 'corticalBone' ? 330 : 0;
    expect(Math.abs(mean(values) - wanted)).toBeLessThan(Math.max(2, slack) + blurred);
  });

  test('of the liver lie in the range measured on patients', () => {
    const measured = { native: [33, 59], arterial: [50, 95], portal: [91, 125], delayed: [80, 110] }[phase];
    const values = valuesDeepIn(made, 'liver', 5);
    expect(mean(values)).toBeGreaterThan(measured[0] ?? NaN);
    expect(mean(values)).toBeLessThan(measured[1] ?? NaN);
    expect(deviation(values)).toBeGreaterThan(9);
    expect(deviation(values)).toBeLessThan(21);
  });
});
