import { settle } from '../support/agreement.js';
import { expect, test } from '../support/fixtures.js';
import { LANDMARK, VOLUME_NAMES } from '../support/nibabel.js';
import type { World } from '../support/screenPlace.js';

const PLANES = ['axial', 'coronal', 'sagittal'] as const;

/** Well inside every test volume and unequal in all three directions. */
const PLACES: readonly World[] = [
  [13, 1, 15],
  [-9, -13, 7],
  [7, -19, 19]
];

for (const name of VOLUME_NAMES) {
  test(`what is painted at a place in the patient comes out at that place: ${name} volume`, async ({
    ada,
    deployment
  }) => {
    const testCase = await deployment.newCase(name);
    await ada.openCase(testCase);
    for (const [index, plane] of PLANES.entries()) {
      const place = PLACES[index];
      if (place === undefined) throw new Error('Each plane has a place.');
      await ada.page.evaluate(() => {
        const { viewer } = window.frontCase();
        viewer.brush = { shape: 'sphere', radiusMm: 6 };
      });
      await ada.paint(index + 1, [place], { plane, radius: 6 });
    }
    await settle(ada);

    const exported = await deployment.exportLabels(testCase);
    expect(exported.sameGrid).toBe(true);
    expect(exported.integer).toBe(true);
    expect(exported.codes).toEqual([1, 1]);
    // The brush is centred on the pixel that was hit: off by at most half a voxel and half a pixel in each direction.
    const voxel = Math.max(...testCase.volume.spacing);
    for (const [index, place] of PLACES.entries()) {
      const segment = exported.segments[String(index + 1)];
      expect(segment, `segment ${index + 1}`).toBeDefined();
      const distance = Math.hypot(...place.map((value, axis) => value - (segment?.centre[axis] ?? Infinity)));
      expect(distance, `distance of segment ${index + 1} from where it was painted, in mm`).toBeLessThan(voxel);
    }
  });
}

test('a hand that paints over what it sees paints the thing itself: each plane shows the patient where he is', async ({
  ada,
  deployment
}) => {
  const testCase = await deployment.newCase('landmark');
  await ada.openCase(testCase);
  await ada.choose({ tool: 'brush', radius: 3 });
  for (const [index, plane] of PLANES.entries()) {
    // One pane alone, without lines and letters, on the slice through the ball.
    await ada.page.evaluate(layout => {
      const view = window.frontCase();
      view.viewLayout = layout;
      view.viewer.window = { width: 900, level: 500 };
    }, plane);
    await ada.goTo(LANDMARK);
    await ada.page.mouse.move(2, 2);
    const pane = await ada.picture.boundingBox();
    if (pane === null) throw new Error('There is no picture.');
    await ada.hideOverlays(true);
    const { x, y } = await ada.seeBrightest(pane);
    await ada.hideOverlays(false);
    await ada.choose({ segment: index + 1 });
    await ada.page.mouse.move(x, y);
    await ada.page.mouse.down();
    await ada.page.mouse.up();
    await settle(ada);
  }
  const exported = await deployment.exportLabels(testCase);
  for (const [index, plane] of PLANES.entries()) {
    const segment = exported.segments[String(index + 1)];
    expect(segment, `something was painted in the ${plane} plane`).toBeDefined();
    const distance = Math.hypot(...LANDMARK.map((value, axis) => value - (segment?.centre[axis] ?? Infinity)));
    // Half a voxel for the slice and the ball in it, half a voxel for the disc that is painted, in each direction.
    const diagonal = Math.hypot(...testCase.volume.spacing);
    expect(distance, `distance from the ball in the ${plane} plane, in mm`).toBeLessThan(diagonal);
  }
});
