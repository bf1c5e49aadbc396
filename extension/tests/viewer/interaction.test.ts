import type { TranslationBundle } from '@jupyterlab/translation';
import { expect, test } from 'vitest';
import type { PaintTarget } from '../../src/viewer/contracts.js';
import { Interaction, type ViewerChanges } from '../../src/viewer/interaction.js';
import type { Touch } from '../../src/viewer/pointerInput.js';
import type { ViewModel } from '../../src/viewer/viewModel.js';

test('a scribble can be given up while it is drawn: then nobody has pointed at anything', () => {
  const pointed: unknown[] = [];
  const changes = {
    active: () => undefined,
    pointed: (what: unknown) => pointed.push(what)
  } as unknown as ViewerChanges;
  const view = { plane: 'axial', toVoxel: () => [1, 1, 1] };
  const model = {
    tool: 'propose',
    crosshair: [1, 1, 1],
    space: {
      grid: { dims: [4, 4, 4] },
      toWorld: (voxel: unknown) => voxel,
      volume: { dims: [4, 4, 4] },
      toVoxel: (world: unknown) => world
    },
    paneAt: () => ({ view }),
    viewOf: () => view
  } as unknown as ViewModel;
  const interaction = new Interaction(model, changes, { __: (text: string) => text } as TranslationBundle);
  interaction.target = { mayPaint: true } as PaintTarget;
  const at = { x: 1, y: 1, pressure: 1 } as unknown as Touch;
  const scribble = (): void => void interaction.dragStart('primary', at, { shiftKey: false } as PointerEvent);
  scribble();
  expect(interaction.isDrawing).toBe(true);
  interaction.dragCancel();
  expect([interaction.isDrawing, pointed.length]).toEqual([false, 0]);
  scribble();
  interaction.dragEnd();
  expect([interaction.isDrawing, pointed.length]).toEqual([false, 1]);
});
