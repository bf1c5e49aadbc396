import { unreachableControls } from '../support/accessibility.js';
import { expect, test } from '../support/fixtures.js';

test.describe('Everything that a reader does often has a key and a name', () => {
  test('keys choose tools, segments and brush sizes, and move through the volume', async ({ ada, testCase }) => {
    await ada.openCase(testCase);
    const { keyboard } = ada.page;
    const view = () =>
      ada.page.evaluate(() => {
        const front = window.frontCase();
        return { tool: front.tool, segment: front.segment, radius: front.viewer.brush.radiusMm };
      });
    await ada.focusPicture();

    await keyboard.press('b');
    await expect.poll(async () => (await view()).tool).toBe('brush');
    await keyboard.press('e');
    await expect.poll(async () => (await view()).tool).toBe('eraser');
    await keyboard.press('3');
    await expect.poll(async () => (await view()).segment).toBe(3);

    const { radius } = await view();
    await keyboard.press(']');
    await expect.poll(async () => (await view()).radius).toBeGreaterThan(radius);
    await keyboard.press('[');
    await expect.poll(async () => (await view()).radius).toBe(radius);

    const crosshair = () => ada.page.evaluate(() => window.frontCase().viewer.crosshair);
    const [, , before] = await crosshair();
    await keyboard.press('PageUp');
    await expect.poll(async () => (await crosshair())[2]).toBeCloseTo(before + 2, 3);
  });

  test('the question mark lists the keys and Escape closes the list', async ({ ada, testCase }) => {
    await ada.openCase(testCase);
    await ada.focusPicture();
    await ada.page.keyboard.press('Shift+Slash');
    const list = ada.page.getByRole('dialog', { name: 'Keys' });
    await expect(list).toBeVisible();
    await expect(list).toContainText('Brush');
    await ada.page.keyboard.press('Escape');
    await expect(list).toBeHidden();
  });

  test('every control of an open case has a name and can be reached by keyboard', async ({ ada, testCase }) => {
    await ada.openCase(testCase);
    await ada.showCasePanel();
    await expect(ada.page.locator('[data-segment]').first()).toBeVisible();
    const problems = await unreachableControls(ada.page, ['.voxcord-Case', '.voxcord-Panel', '.voxcord-Status']);
    expect(problems).toEqual([]);
  });

  test('the browser asks nothing of any other machine', async ({ ada, testCase }) => {
    const sockets: string[] = [];
    ada.page.on('websocket', socket => sockets.push(new URL(socket.url()).hostname));
    await ada.openCase(testCase);
    await expect(ada.saved).toHaveText('✓ Saved');
    expect(sockets.length).toBeGreaterThan(0);
    expect(new Set(sockets)).toEqual(new Set(['127.0.0.1']));
    expect(ada.strangeRequests).toEqual([]);
  });
});
