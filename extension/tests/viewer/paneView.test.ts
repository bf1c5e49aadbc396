import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { placePanes } from '../../src/viewer/paneLayout.js';
import { PaneView } from '../../src/viewer/paneView.js';
import { PLANES, PLANE_AXES, type ViewedGrid } from '../../src/viewer/planes.js';

const SEED = 20260101;
const grid: ViewedGrid = { dims: [61, 47, 23], spacing: [0.8, 1.1, 3] };
const rectangle = { left: 100, top: 50, width: 400, height: 300 };

const finite = (min: number, max: number): fc.Arbitrary<number> => fc.double({ min, max, noNaN: true });
const anyView = fc
  .record({
    plane: fc.constantFrom(...PLANES),
    mirrored: fc.boolean(),
    zoom: finite(0.3, 20),
    pan: fc.tuple(finite(-50, 50), finite(-50, 50))
  })
  .map(({ plane, mirrored, zoom, pan }) => new PaneView(plane, rectangle, grid, { zoom, pan }, mirrored));
const anyPoint = fc.record({ x: finite(0, 600), y: finite(0, 400) });

describe('a pane', () => {
  it('shows the middle of a fitted volume in its middle', () => {
    for (const plane of PLANES) {
      const view = new PaneView(plane, rectangle, grid, { zoom: 1, pan: [0, 0] }, true);
      const middle = view.toPoint([30, 23, 11]);
      expect(middle.x).toBeCloseTo(300);
      expect(middle.y).toBeCloseTo(200);
    }
  });

  it("puts the patient's right on the left when mirrored, and on the right when not", () => {
    const right = (mirrored: boolean): number =>
      new PaneView('axial', rectangle, grid, { zoom: 1, pan: [0, 0] }, mirrored).toPoint([60, 23, 11]).x;
    expect(right(true)).toBeLessThan(300);
    expect(right(false)).toBeGreaterThan(300);
  });

  it('puts anterior and superior at the top', () => {
    const top = (plane: 'axial' | 'coronal' | 'sagittal', voxel: readonly [number, number, number]): number =>
      new PaneView(plane, rectangle, grid, { zoom: 1, pan: [0, 0] }, true).toPoint(voxel).y;
    expect(top('axial', [30, 46, 11])).toBeLessThan(200);
    expect(top('coronal', [30, 23, 22])).toBeLessThan(200);
    expect(top('sagittal', [30, 23, 22])).toBeLessThan(200);
  });

  it('draws a millimetre as long across as up', () => {
    const view = new PaneView('coronal', rectangle, grid, { zoom: 2, pan: [3, -4] }, true);
    const origin = view.toPoint([10, 5, 5]);
    const across = view.toPoint([10 + 12 / 0.8, 5, 5]);
    const up = view.toPoint([10, 5, 5 + 12 / 3]);
    expect(Math.abs(across.x - origin.x)).toBeCloseTo(Math.abs(up.y - origin.y));
    expect(Math.abs(across.x - origin.x)).toBeCloseTo(12 * view.pixelsPerMm);
  });

  it('finds the voxel again that it drew at a point', () => {
    fc.assert(
      fc.property(anyView, anyPoint, (view, point) => {
        const voxel = view.toVoxel(point, [7, 8, 9]);
        const back = view.toPoint(voxel);
        expect(back.x).toBeCloseTo(point.x, 6);
        expect(back.y).toBeCloseTo(point.y, 6);
        const { normal } = PLANE_AXES[view.plane];
        expect(voxel[normal]).toBe([7, 8, 9][normal]);
      }),
      { seed: SEED }
    );
  });

  it('keeps what is under the pointer there when it zooms', () => {
    fc.assert(
      fc.property(anyView, anyPoint, finite(0.5, 2), (view, point, factor) => {
        const before = view.toVoxel(point, [0, 0, 0]);
        const after = new PaneView(view.plane, rectangle, grid, view.zoomedAt(point, factor), view.mirrored);
        const there = after.toPoint(before);
        expect(there.x).toBeCloseTo(point.x, 6);
        expect(there.y).toBeCloseTo(point.y, 6);
      }),
      { seed: SEED }
    );
  });

  it('moves the image with the pointer when it is panned', () => {
    fc.assert(
      fc.property(anyView, anyPoint, finite(-90, 90), finite(-90, 90), (view, point, dx, dy) => {
        const voxel = view.toVoxel(point, [0, 0, 0]);
        const after = new PaneView(view.plane, rectangle, grid, view.pannedBy(dx, dy), view.mirrored);
        const there = after.toPoint(voxel);
        expect(there.x).toBeCloseTo(point.x + dx, 6);
        expect(there.y).toBeCloseTo(point.y + dy, 6);
      }),
      { seed: SEED }
    );
  });

  it('can bring any voxel to its middle', () => {
    const view = new PaneView('sagittal', rectangle, grid, { zoom: 3, pan: [1, 2] }, true);
    const centred = new PaneView('sagittal', rectangle, grid, view.centredOn([4, 40, 2]), true);
    expect(centred.toPoint([4, 40, 2]).x).toBeCloseTo(300);
    expect(centred.toPoint([4, 40, 2]).y).toBeCloseTo(200);
  });
});

describe('the layout', () => {
  it('shows one pane alone in all the room', () => {
    expect(placePanes('coronal', 640, 480)).toEqual([
      { name: 'coronal', rectangle: { left: 0, top: 0, width: 640, height: 480 } }
    ]);
  });

  it('fills any size with four panes that do not overlap', () => {
    fc.assert(
      fc.property(fc.integer({ min: 10, max: 3000 }), fc.integer({ min: 10, max: 3000 }), (width, height) => {
        const panes = placePanes('2x2', width, height);
        expect(panes.map(pane => pane.name)).toEqual(['axial', '3d', 'coronal', 'sagittal']);
        const area = panes.reduce((sum, pane) => sum + pane.rectangle.width * pane.rectangle.height, 0);
        expect(area).toBe((width - 2) * (height - 2));
        for (const { rectangle: pane } of panes) {
          expect(pane.left + pane.width).toBeLessThanOrEqual(width);
          expect(pane.top + pane.height).toBeLessThanOrEqual(height);
        }
      }),
      { seed: SEED }
    );
  });

  it('places nothing where there is no room', () => {
    expect(placePanes('2x2', 0, 400)).toEqual([]);
  });
});
