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
    const problems = await ada.page.evaluate(() => {
      const controls = document.querySelectorAll<HTMLElement>(
        ['.voxcord-Case', '.voxcord-Panel', '.voxcord-Status']
          .flatMap(place => ['button', 'select', 'input'].map(control => `${place} ${control}`))
          .join(', ')
      );
      const nameOf = (control: HTMLElement): string =>
        [
          control.getAttribute('aria-label'),
          control.getAttribute('title'),
          control.textContent,
          control.closest('label')?.textContent
        ]
          .map(text => text?.trim() ?? '')
          .find(text => text !== '') ?? '';
      const found: string[] = controls.length < 15 ? [`only ${controls.length} controls`] : [];
      for (const control of controls) {
        if (nameOf(control) === '') found.push(`no name: ${control.outerHTML.slice(0, 120)}`);
        // One control of a toolbar takes the focus, arrows lead to the others; titles of panes repeat the layout menu.
        const isReached =
          control.tabIndex >= 0 ||
          (control.closest('.jp-Toolbar')?.querySelectorAll('[tabindex="0"]').length ?? 0) > 0 ||
          control.classList.contains('vx-Pane-title');
        if (!isReached) found.push(`not reachable: ${control.outerHTML.slice(0, 120)}`);
      }
      return found;
    });
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
