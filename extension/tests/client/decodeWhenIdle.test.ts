import { LabelMap, encodeStrokes } from '@voxcord/schemas/labelmap';
import type { PaintedRegion, RecordEntry } from '@voxcord/schemas/labelmap';
import { expect, test, vi } from 'vitest';
import { decodeWhenIdle } from '../../src/client/decodeWhenIdle.js';

const DIMS = [16, 16, 16] as const;

/** `count` strokes of one voxel each, one after the other. */
function strokes(count: number): RecordEntry[] {
  return Array.from({ length: count }, (_, clock) => {
    const at = clock % 4096;
    const voxel = [at % 16, (at >> 4) % 16, at >> 8] as [number, number, number];
    const region: PaintedRegion = { box: { min: voxel, max: [...voxel] }, mask: Uint8Array.of(1) };
    const [bytes] = encodeStrokes({
      lamport: clock + 1,
      segment: 1,
      tool: 'brush',
      continues: false,
      region,
      dims: DIMS
    });
    if (bytes === undefined) throw new Error('A stroke of one voxel is one record.');
    return { id: { client: 7, clock }, bytes };
  });
}

test('strokes that were opened from a snapshot are decoded in idle moments until none is left', async () => {
  const records = strokes(40);
  const head = LabelMap.open(DIMS, { records }).snapshot();
  const map = LabelMap.open(DIMS, { head, records });
  const decodeAhead = vi.spyOn(map, 'decodeAhead');
  decodeWhenIdle(map);
  await expect.poll(() => decodeAhead.mock.results.at(-1)).toEqual({ type: 'return', value: false });
  expect(decodeAhead.mock.calls.length).toBeGreaterThanOrEqual(5);
});

test('nothing is decoded once it is stopped', async () => {
  const records = strokes(40);
  const head = LabelMap.open(DIMS, { records }).snapshot();
  const map = LabelMap.open(DIMS, { head, records });
  const decodeAhead = vi.spyOn(map, 'decodeAhead');
  decodeWhenIdle(map)();
  await new Promise(resolve => setTimeout(resolve, 150));
  expect(decodeAhead).not.toHaveBeenCalled();
});
