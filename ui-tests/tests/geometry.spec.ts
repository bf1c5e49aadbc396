import { settle } from '../support/agreement.js';
import { expect, test } from '../support/fixtures.js';
import { VOLUME_NAMES } from '../support/nibabel.js';
import type { World } from '../support/person.js';

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
