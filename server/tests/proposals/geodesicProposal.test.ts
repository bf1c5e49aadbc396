import type { Vector } from '@voxcord/schemas/geometry';
import type { Dims } from '@voxcord/schemas/labelmap';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { connectedComponents } from '../../src/morphology/connectedComponents.js';
import { geodesicProposal } from '../../src/proposals/geodesicProposal.js';
import { indexOf, voxelAt, type Crop, type Place } from '../../src/proposals/prompts.js';
import { aroundOneNodule } from '../phantom/phantoms.js';
import { dice, makeBall, nextClick } from './things.js';

const SEED = 20_261;

const recipe = fc.record({
  spacing: fc.tuple(fc.constantFrom(0.7, 1, 1.4), fc.constantFrom(0.7, 1, 1.4), fc.constantFrom(1, 1.5, 3)),
  radius: fc.double({ min: 4, max: 9, noNaN: true }),
  contrast: fc.constantFrom(-60, 60),
  noise: fc.constantFrom(0, 12),
  seed: fc.integer({ min: 1, max: 1000 })
});

type Recipe = typeof recipe extends fc.Arbitrary<infer Value> ? Value : never;

function ballOf({ spacing, radius, contrast, noise, seed }: Recipe) {
  const along = (size: number): number => 2 * Math.ceil((radius + 9) / size) + 1;
  const dims: Dims = [along(spacing[0]), along(spacing[1]), along(spacing[2])];
  const middle: Vector = [(dims[0] - 1) / 2, (dims[1] - 1) / 2, (dims[2] - 1) / 2];
  return makeBall({ dims, spacing, middle, radius, contrast, noise, seed });
}

function clicksOn(crop: Crop, truth: Uint8Array, count: number): { places: Place[]; reached: number[] } {
  const places: Place[] = [];
  const reached: number[] = [];
  let found: Uint8Array = new Uint8Array(truth.length);
  for (let n = 0; n < count; n++) {
    const click = nextClick(truth, found, crop);
    if (click !== null) places.push(click);
    found = geodesicProposal(crop, places);
    reached.push(dice(truth, found));
  }
  return { places, reached };
}

describe('a proposal from places', () => {
  test('is the thing that one click in its middle means, whatever the voxel size, contrast and noise', () => {
    fc.assert(
      fc.property(recipe, options => {
        const { crop, truth, middle } = ballOf(options);
        expect(dice(truth, geodesicProposal(crop, [{ at: middle, on: true }]))).toBeGreaterThan(0.8);
      }),
      { seed: SEED, numRuns: 8 }
    );
  });

  test('holds every place on the thing and none beside it, and hangs together with the former', () => {
    const place = fc.record({
      at: fc.tuple(fc.nat(30), fc.nat(30), fc.nat(30)),
      on: fc.boolean()
    });
    fc.assert(
      fc.property(recipe, fc.array(place, { minLength: 1, maxLength: 6 }), (options, more) => {
        const { crop, middle } = ballOf(options);
        const places: Place[] = [{ at: middle, on: true }, ...more];
        const mask = geodesicProposal(crop, places);
        const voxels = (on: boolean): number[] =>
          places.filter(one => one.on === on).map(one => indexOf(voxelAt(one, crop.dims), crop.dims));
        const on = new Set(voxels(true));
        for (const index of on) expect(mask[index]).toBe(1);
        for (const index of voxels(false)) if (!on.has(index)) expect(mask[index]).toBe(0);
        const { labels, count } = connectedComponents(mask, crop.dims, 6);
        expect(new Set([...on].map(index => labels[index])).size).toBe(count);
      }),
      { seed: SEED, numRuns: 10 }
    );
  });

  test('does not depend on which way the axes run, nor on their order', () => {
    const { crop, middle } = ballOf({ spacing: [1, 0.7, 1.5], radius: 6.3, contrast: 60, noise: 12, seed: 5 });
    const places: Place[] = [
      { at: middle, on: true },
      { at: [middle[0] + 3, middle[1] - 2, middle[2]], on: true },
      { at: [middle[0] - 8, middle[1], middle[2] + 1], on: false }
    ];
    const plain = geodesicProposal(crop, places);
    for (const [axes, flips] of [
      [
        [0, 1, 2],
        [true, false, false]
      ],
      [
        [0, 1, 2],
        [true, true, true]
      ],
      [
        [2, 0, 1],
        [false, false, false]
      ],
      [
        [1, 0, 2],
        [false, true, false]
      ]
    ] as const) {
      const turned = turn(crop, places, axes, flips);
      expect(dice(turned.mask(plain), geodesicProposal(turned.crop, turned.places))).toBeGreaterThan(0.999);
    }
  });

  test('is the same for the same places, and has no holes that nobody has asked for', () => {
    const { crop, middle } = ballOf({ spacing: [1, 1, 1], radius: 7, contrast: 60, noise: 12, seed: 9 });
    const hollow = { ...crop, values: crop.values.slice() };
    const hole = indexOf(voxelAt({ at: [middle[0] + 3, middle[1], middle[2]], on: true }, crop.dims), crop.dims);
    hollow.values[hole] = -500;
    const places: Place[] = [{ at: middle, on: true }];
    const mask = geodesicProposal(hollow, places);
    expect(geodesicProposal(hollow, places)).toEqual(mask);
    expect(mask[hole]).toBe(1);
    const background = connectedComponents(
      mask.map(value => 1 - value),
      crop.dims,
      6
    );
    expect(background.count).toBe(1);
  });

  test('is given up when whoever asked says so', () => {
    const { crop, middle } = ballOf({ spacing: [1, 1, 1], radius: 6, contrast: 60, noise: 0, seed: 1 });
    const stop = new Error('stop');
    let calls = 0;
    expect(() =>
      geodesicProposal(crop, [{ at: middle, on: true }], () => {
        if (++calls === 4) throw stop;
      })
    ).toThrow(stop);
  });
});

describe('nodules of the phantom', () => {
  const nodules = [
    { seed: 7, diameter: 11, phase: 'arterial' },
    { seed: 4, diameter: 15, phase: 'portal' },
    { seed: 6, diameter: 24, phase: 'portal' }
  ] as const;

  test.each(nodules)('seed $seed, $diameter mm, $phase: one click finds it, more clicks do not lose it', options => {
    const made = aroundOneNodule(options.seed, options.diameter, [0.9, 0.9, 2.5], options.phase);
    const { dims } = made.plan.grid;
    const crop: Crop = { values: Float32Array.from(made.phase.image), dims, spacing: [0.9, 0.9, 2.5] };
    const truth = Uint8Array.from(made.phase.labels, label => (label === 2 ? 1 : 0));
    const { reached } = clicksOn(crop, truth, 5);
    expect(reached[0]).toBeGreaterThan(0.65);
    expect(reached[4]).toBeGreaterThan(0.78);
  });
});

/** The same crop with its axes in another order and running the other way. */
function turn(
  { values, dims, spacing }: Crop,
  places: readonly Place[],
  axes: readonly [0 | 1 | 2, 0 | 1 | 2, 0 | 1 | 2],
  flips: readonly [boolean, boolean, boolean]
): { crop: Crop; places: Place[]; mask(mask: Uint8Array): Uint8Array } {
  const newDims: Dims = [dims[axes[0]], dims[axes[1]], dims[axes[2]]];
  const moved = (at: Vector): Vector => {
    const along = (n: 0 | 1 | 2): number => (flips[n] ? newDims[n] - 1 - at[axes[n]] : at[axes[n]]);
    return [along(0), along(1), along(2)];
  };
  const rearrange = <Values extends Float32Array | Uint8Array>(from: Values, into: Values): Values => {
    let index = 0;
    for (let k = 0; k < dims[2]; k++) {
      for (let j = 0; j < dims[1]; j++) {
        for (let i = 0; i < dims[0]; i++, index++)
          into[indexOf(voxelAt({ at: moved([i, j, k]), on: true }, newDims), newDims)] = from[index] ?? 0;
      }
    }
    return into;
  };
  return {
    crop: {
      values: rearrange(values, new Float32Array(values.length)),
      dims: newDims,
      spacing: [spacing[axes[0]], spacing[axes[1]], spacing[axes[2]]]
    },
    places: places.map(({ at, on }) => ({ at: moved(at), on })),
    mask: mask => rearrange(mask, new Uint8Array(mask.length))
  };
}
