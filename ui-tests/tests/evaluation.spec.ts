import { readFile } from 'node:fs/promises';
import type { Evaluation } from '@voxcord/schemas/api';
import type { Locator } from '@playwright/test';
import { inspect } from '../support/accessibility.js';
import { expect, test } from '../support/fixtures.js';
import { dropModel, runModel } from '../support/models.js';
import type { Person } from '../support/person.js';
import { releasedStudy } from '../support/releasedStudy.js';

function pageOf({ page }: Person): Locator {
  return page.locator('.jp-MainAreaWidget:not(.lm-mod-hidden) [data-evaluation]');
}

test.describe('A reader is evaluated against a release', () => {
  test('from the page of the release: lesions by size, a FROC of a model and of a person, a way to each lesion, tables', async ({
    ada,
    deployment
  }) => {
    const { study, release } = await releasedStudy(deployment, 'Evaluated');
    const projectId = study.project.id;
    await dropModel(deployment, 'threshold');
    const { reader } = await runModel(deployment, study.case, 'threshold');
    await ada.execute('voxcord:open-release', { release: release.id });
    await ada.page.locator('[data-release-state=released] [data-act=evaluate]').click();
    const shown = pageOf(ada);
    await shown.getByLabel('Reader').selectOption(reader.username);
    await shown.locator('[data-act=evaluate]').click();
    await expect(shown).toHaveAttribute('data-evaluation', 'done');
    const [ofModel] = await deployment.call<Evaluation[]>('ada', 'GET', `/projects/${projectId}/evaluations`);
    const { result } = await deployment.call<Evaluation>('ada', 'GET', `/evaluations/${ofModel?.id ?? ''}`);
    const froc = result?.segments[1]?.lesions?.froc;
    expect(froc?.scored).toBe(true);
    expect(froc?.points.length).toBeGreaterThan(1);
    await shown.getByLabel('Segment').selectOption('2');
    await expect(shown.locator('[data-table=froc] tbody tr')).toHaveCount((froc?.at.length ?? 0) + 1);
    await expect(shown.locator('[data-table=thresholds] tbody tr')).toHaveCount((froc?.points.length ?? 0) - 1);
    await shown.getByLabel('Segment').selectOption('1');

    await shown.getByLabel('Reader').selectOption('dov');
    await shown.locator('[data-act=evaluate]').click();
    await expect(shown).toHaveAttribute('data-evaluation', 'done');
    await expect(shown.locator('[data-warning=reader-in-truth]')).toContainText('Dov Mensah');
    await expect(shown.locator('[data-warning=few-cases]')).toBeVisible();

    const [stored] = await deployment.call<Evaluation[]>('ada', 'GET', `/projects/${projectId}/evaluations`);
    const evaluation = await deployment.call<Evaluation>('ada', 'GET', `/evaluations/${stored?.id ?? ''}`);
    const missed = evaluation.result?.cases[0]?.lesions.find(({ outcome }) => outcome === 'missed');
    const [organ] = evaluation.result?.segments ?? [];
    const dice = organ?.measures.find(({ measure }) => measure.definition === 'dice')?.mean.value ?? 0;
    await expect(shown.locator('[data-segment="1"] [data-definition=dice] td').first()).toHaveText(
      dice.toFixed(3).replace('0.', '.')
    );

    await shown.getByLabel('Segment').selectOption('2');
    const lesions = shown.locator('[data-segment="2"]');
    await expect(lesions).toContainText('1 of 2 lesions found; 1 false positive.');
    // Balls of 4 and 3 voxels of 2 mm: 16 and 12 mm across.
    await expect(lesions.locator('[data-table=sizes] tbody tr').nth(1)).toContainText('1 of 2');
    await expect(lesions.locator('[data-table=froc] tbody tr')).toHaveText([/^1\.500–$/]);
    await expect(lesions.locator('.voxcord-Plot svg')).toHaveCount(2);
    const strata = shown.locator('[data-table=strata]');
    await expect(strata).toHaveCount(0);

    const downloading = ada.page.waitForEvent('download');
    await shown.locator('[data-download$="figures.csv"]').click();
    const text = await readFile(await (await downloading).path(), 'utf8');
    expect(text).toContain('all,,2,Lesion,,,lesion.sensitivity,,share,0.5,,,1,');

    for (const theme of ['JupyterLab Dark', 'JupyterLab Light']) {
      await ada.execute('apputils:change-theme', { theme });
      await expect(ada.page.locator(`body[data-jp-theme-name="${theme}"]`)).toHaveCount(1);
      await expect(ada.page.locator('#jupyterlab-splash')).toHaveCount(0);
      expect((await inspect(ada.page)).violations, theme).toEqual([]);
    }
    await ada.page.setViewportSize({ width: 1024, height: 768 });
    await expect.poll(() => shown.evaluate(page => page.scrollWidth - page.clientWidth)).toBe(0);

    // The ring at the bottom: what was missed.
    await lesions.locator('.voxcord-Plot-points > *').last().click();
    await expect
      .poll(() =>
        ada.page.evaluate(() => {
          const { viewer } = window.frontCase();
          return viewer.phase.phase === 'ready' ? viewer.crosshair.map(Math.round) : [];
        })
      )
      .toEqual(missed?.centre.map(Math.round));
  });

  test('by groups of cases, which the release tells', async ({ ada, deployment }) => {
    const { release } = await releasedStudy(deployment, 'Evaluated by phase', ['portal venous', 'arterial']);
    await ada.execute('voxcord:open-release', { release: release.id });
    await ada.page.locator('[data-release-state=released] [data-act=evaluate]').click();
    const shown = pageOf(ada);
    await shown.getByLabel('Reader').selectOption('dov');
    await shown.locator('[data-act=evaluate]').click();
    await expect(shown).toHaveAttribute('data-evaluation', 'done');
    await shown.getByLabel('Segment').selectOption('2');
    const groups = shown.locator('[data-table=strata] tbody tr');
    await expect(groups.locator('th')).toHaveText(['phase: arterial', 'phase: portal venous']);
    await expect(groups.locator('td:nth-child(2)')).toHaveText(['1', '1']);
    await expect(groups.locator('td:nth-child(5)')).toHaveText(['1 of 2', '1 of 2']);
  });
});
