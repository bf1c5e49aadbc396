import { countsOf } from '../support/person.js';
import type { World } from '../support/screenPlace.js';
import { settle } from '../support/agreement.js';
import { expect, test } from '../support/fixtures.js';

const CENTRE: World = [4, -6, 12];

test.describe('Volumes and cases are files of JupyterLab', () => {
  test('a .nii.gz file opens from the file browser, and a case starts from it', async ({ ada }) => {
    await ada.openFile('anisotropic-copy.nii.gz');
    await ada.page.waitForFunction(() => {
      const content = window.jupyterapp.shell.currentWidget?.content;
      return content !== undefined && 'viewer' in content && content.viewer.phase.phase === 'ready';
    });
    await ada.page.getByRole('button', { name: 'Start a case from this volume' }).click();
    await ada.whenCaseIsReady();

    await ada.paint(1, [CENTRE, [CENTRE[0] + 10, CENTRE[1], CENTRE[2]]]);
    await settle(ada);
    expect(countsOf(await ada.labels())[1]).toBeGreaterThan(10);
  });

  test('a .voxcord file opens its case', async ({ ada, testCase }) => {
    await ada.openFile(testCase.file);
    await ada.whenCaseIsReady();
    expect(await ada.page.evaluate(() => window.frontCase().model.caseId)).toBe(testCase.case.id);
  });

  test('after a reload the case stands as it was left: place, window, tool, segment and labels', async ({
    ada,
    testCase
  }) => {
    await ada.openFile(testCase.file);
    await ada.whenCaseIsReady();
    await ada.paint(2, [CENTRE, [CENTRE[0] + 12, CENTRE[1] + 6, CENTRE[2]]]);
    await settle(ada);
    const labels = await ada.labelsHash();
    const place: World = [7, -11, 15];
    await ada.choose({ tool: 'eraser', segment: 3, radius: 4 });
    await ada.goTo(place);
    await ada.page.evaluate(() => {
      window.frontCase().viewer.window = { width: 321, level: 456 };
      window.frontCase().viewLayout = 'coronal';
    });
    const state = () =>
      ada.page.evaluate(() => {
        const view = window.frontCase();
        const { layout, window: grey, crosshair, brush } = view.viewer.getState();
        return { layout, grey, crosshair, brush, tool: view.tool, segment: view.segment };
      });
    const before = await state();
    expect(before).toMatchObject({ layout: 'coronal', grey: { width: 321, level: 456 }, tool: 'eraser', segment: 3 });
    await ada.whenStateIsKept();

    await ada.reload();
    await ada.whenCaseIsReady();
    expect(await state()).toEqual(before);
    expect(await ada.labelsHash()).toBe(labels);
  });

  test('a file that is not a volume is refused with a text that says why, and nothing else suffers', async ({
    ada,
    testCase
  }) => {
    await ada.openFile('broken.nii.gz');
    const notice = ada.page.getByRole('alert').filter({ visible: true });
    await expect(notice.first()).not.toBeEmpty();
    await ada.openCase(testCase);
    await expect(ada.saved).toHaveText('✓ Saved');
  });
});
