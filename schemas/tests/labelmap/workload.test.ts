import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { standardWorkload, strokeVoxels, type WorkloadStroke } from '../../bench/workload.js';
import { sameVoxels } from './sameVoxels.js';

const REFERENCE = fileURLToPath(new URL('../../../../shared/workloads/strokes.mjs', import.meta.url));

/** Painted by the first 200 strokes. */
const VOXELS_OF_200 = 1_816_039;

interface ReferenceWorkload {
  standardWorkload(options: object): { shared: boolean; strokes: WorkloadStroke[] }[];
  strokeVoxels(stroke: WorkloadStroke): { box: number[]; mask: Uint8Array };
}

describe('the standard workload', () => {
  it('is the same every time', () => {
    const rounds = standardWorkload();
    const strokes = rounds.flatMap(round => round.strokes);
    expect({
      rounds: rounds.length,
      shared: rounds.filter(({ shared }) => shared).length,
      strokes: strokes.length
    }).toEqual({
      rounds: 667,
      shared: 146,
      strokes: 2000
    });
    const voxels = strokes
      .slice(0, 200)
      .reduce((sum, stroke) => sum + strokeVoxels(stroke).mask.reduce((a, b) => a + b, 0), 0);
    expect(voxels).toBe(VOXELS_OF_200);
  });

  it.skipIf(!existsSync(REFERENCE))(
    'paints the voxels of the reference workload (skipped where that is not at hand)',
    async () => {
      const reference = (await import(/* @vite-ignore */ REFERENCE)) as ReferenceWorkload;
      const expected = reference.standardWorkload({ strokes: 300 });
      const actual = standardWorkload({ strokes: 300 });
      expect(actual).toEqual(expected);
      for (const stroke of actual.flatMap(round => round.strokes)) {
        const { box, mask } = reference.strokeVoxels(stroke);
        const region = strokeVoxels(stroke);
        expect([...region.box.min, ...region.box.max]).toEqual(box);
        expect(sameVoxels(region.mask, mask)).toBe(true);
      }
    }
  );
});
