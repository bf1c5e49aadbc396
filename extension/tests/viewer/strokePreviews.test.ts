import type { StrokePreview } from '@voxcord/schemas/rooms';
import { describe, expect, it } from 'vitest';
import type { Plane, Vector } from '../../src/viewer/contracts.js';
import { PLANE_AXES } from '../../src/viewer/planes.js';
import { FADE_MS, StrokePreviews, type VisiblePreview } from '../../src/viewer/strokePreviews.js';

const part = (change: Partial<StrokePreview> = {}): StrokePreview => ({
  client: 7,
  stroke: 1,
  segment: 1,
  shape: 'disc',
  normal: [0, 0, 1],
  radius: 4,
  points: [1, 2, 3],
  done: false,
  ...change
});
const asIs = (world: Vector): Vector => world;
const normalOf = (plane: Plane): Vector => {
  const normal: [number, number, number] = [0, 0, 0];
  normal[PLANE_AXES[plane].normal] = 1;
  return normal;
};
const seen = (previews: StrokePreviews, plane: Plane, slice: number, now: number): VisiblePreview[] =>
  previews.on(plane, slice, [1, 1, 2], normalOf, now);

describe("other people's strokes", () => {
  it('grow part by part and stay while they are painted', () => {
    const previews = new StrokePreviews();
    previews.add({ colour: '#ff0000', preview: part() }, asIs, 0);
    previews.add({ colour: '#ff0000', preview: part({ points: [4, 5, 3, 6, 7, 3] }) }, asIs, 1000);
    expect(seen(previews, 'axial', 3, 1900)).toEqual([
      {
        path: [
          [1, 2, 3],
          [4, 5, 3],
          [6, 7, 3]
        ],
        radius: 4,
        colour: '#ff0000',
        strength: 1
      }
    ]);
  });

  it('fade within a second after their end and are then forgotten', () => {
    const previews = new StrokePreviews();
    previews.add({ colour: '#ff0000', preview: part({ done: true }) }, asIs, 0);
    const strengths = [0, 0.25, 0.75].map(share => seen(previews, 'axial', 3, share * FADE_MS)[0]?.strength);
    expect(strengths).toEqual([1, 0.75, 0.25]);
    expect(previews.isAnyLive(0.99 * FADE_MS)).toBe(true);
    expect(seen(previews, 'axial', 3, FADE_MS)).toEqual([]);
    expect(previews.isAnyLive(FADE_MS)).toBe(false);
  });

  it('fade too when their painter goes away without an end', () => {
    const previews = new StrokePreviews();
    previews.add({ colour: '#ff0000', preview: part() }, asIs, 0);
    expect(previews.isAnyLive(3500)).toBe(true);
    expect(previews.isAnyLive(4100)).toBe(false);
  });

  it('show discs only in their plane and on their slice', () => {
    const previews = new StrokePreviews();
    previews.add({ colour: '#ff0000', preview: part() }, asIs, 0);
    expect(seen(previews, 'axial', 4, 1)).toEqual([]);
    expect(seen(previews, 'coronal', 2, 1)).toEqual([]);
    expect(seen(previews, 'axial', 3, 1)).toHaveLength(1);
  });

  it('show spheres in every plane that cuts them, as large as they are there', () => {
    const previews = new StrokePreviews();
    previews.add({ colour: '#ff0000', preview: part({ shape: 'sphere', radius: 5 }) }, asIs, 0);
    expect(seen(previews, 'axial', 3, 1)[0]?.radius).toBe(5);
    expect(seen(previews, 'axial', 5, 1)[0]?.radius).toBe(3);
    expect(seen(previews, 'coronal', 6, 1)[0]?.radius).toBe(3);
    expect(seen(previews, 'axial', 6, 1)).toEqual([]);
  });

  it('keep the strokes of one painter and of two apart', () => {
    const previews = new StrokePreviews();
    previews.add({ colour: '#ff0000', preview: part() }, asIs, 0);
    previews.add({ colour: '#ff0000', preview: part({ stroke: 2 }) }, asIs, 0);
    previews.add({ colour: '#00ff00', preview: part({ client: 8 }) }, asIs, 0);
    expect(seen(previews, 'axial', 3, 1)).toHaveLength(3);
  });
});
