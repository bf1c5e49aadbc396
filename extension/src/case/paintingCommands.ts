import type { TranslationBundle } from '@jupyterlab/translation';
import type { CommandRegistry } from '@lumino/commands';
import { messageOf } from '../client/index.js';
import { CommandIDs } from '../commandIds.js';
import { addProposalCommands } from '../proposals/proposalCommands.js';
import type { PointerTool } from '../viewer/index.js';
import type { CaseInFront } from './caseInFront.js';
import type { CaseView } from './caseView.js';
import { tellProblem } from '../ui/notices.js';

const NO_ARGUMENTS = { args: { type: 'object', properties: {} } } as const;

/** Commands that choose what to paint with, and take back what was painted. */
export function addPaintingCommands(commands: CommandRegistry, front: CaseInFront, trans: TranslationBundle): void {
  addProposalCommands(commands, front, trans);
  const view = (): CaseView | null => front.view;
  const isPainting = (): boolean => view()?.model.session?.mayPaint === true;

  const toolNames: Readonly<Record<PointerTool, string>> = {
    brush: trans.__('Brush'),
    eraser: trans.__('Eraser'),
    propose: trans.__('Propose What I Point At'),
    window: trans.__('Window and Level'),
    crosshair: trans.__('Crosshair'),
    pan: trans.__('Pan')
  };
  commands.addCommand(CommandIDs.tool, {
    label: args =>
      typeof args['tool'] === 'string' && args['tool'] in toolNames
        ? toolNames[args['tool'] as PointerTool]
        : trans.__('Choose a Tool'),
    describedBy: {
      args: { type: 'object', properties: { tool: { enum: Object.keys(toolNames) } }, required: ['tool'] }
    },
    isEnabled: () => view() !== null,
    isToggled: args => view()?.tool === args['tool'],
    isToggleable: true,
    execute: args => {
      const current = view();
      const tool = args['tool'];
      if (current !== null && typeof tool === 'string' && tool in toolNames) current.tool = tool as PointerTool;
    }
  });

  commands.addCommand(CommandIDs.segment, {
    label: args =>
      typeof args['number'] === 'number' ? trans.__('Segment %1', args['number']) : trans.__('Choose a Segment'),
    describedBy: {
      args: { type: 'object', properties: { number: { type: 'integer' } }, required: ['number'] }
    },
    isEnabled: () => (view()?.model.session ?? null) !== null,
    execute: args => {
      const current = view();
      const number = args['number'];
      if (current === null || typeof number !== 'number') return;
      const segment = current.model.segments.find(candidate => candidate.number === number);
      if (segment === undefined) current.viewer.tell(trans.__('There is no segment %1.', number));
      else current.segment = number;
    }
  });
  commands.addCommand(CommandIDs.addSegment, {
    label: trans.__('Add a Segment'),
    describedBy: NO_ARGUMENTS,
    isEnabled: () => isPainting() && view()?.model.read?.protocolVersion === null,
    execute: async () => {
      const current = view();
      const session = current?.model.session;
      if (current === null || session === undefined || session === null) return;
      try {
        current.segment = (await session.addSegment({ name: trans.__('New segment') })).number;
      } catch (reason) {
        tellProblem(messageOf(reason));
      }
    }
  });
  commands.addCommand(CommandIDs.toggleSegment, {
    label: trans.__('Hide or Show the Segment'),
    describedBy: NO_ARGUMENTS,
    isEnabled: () => (view()?.segment ?? null) !== null,
    execute: () => {
      const current = view();
      if (current === null || current.segment === null) return;
      current.display.set(current.segment, { visible: !current.display.isVisible(current.segment) });
      current.redisplay();
    }
  });

  commands.addCommand(CommandIDs.brushSize, {
    label: args => (Number(args['steps']) < 0 ? trans.__('Smaller Brush') : trans.__('Bigger Brush')),
    describedBy: { args: { type: 'object', properties: { steps: { type: 'integer' } }, required: ['steps'] } },
    isEnabled: () => view() !== null,
    execute: args => view()?.viewer.changeBrushSize(Number(args['steps']))
  });
  commands.addCommand(CommandIDs.brushShape, {
    label: trans.__('Disc or Sphere'),
    describedBy: NO_ARGUMENTS,
    isEnabled: () => view() !== null,
    execute: () => {
      const viewer = view()?.viewer;
      if (viewer === undefined) return;
      viewer.brush = { ...viewer.brush, shape: viewer.brush.shape === 'disc' ? 'sphere' : 'disc' };
    }
  });

  const takeBack = (isRedo: boolean): void => {
    const current = view();
    const session = current?.model.session ?? null;
    if (current === null || session === null || !session.mayPaint) return;
    // A stroke under the pointer is what one wants back first.
    if (!isRedo && current.viewer.cancelStroke()) return;
    const done = isRedo ? session.labels.redo() : session.labels.undo();
    if (!done)
      current.viewer.tell(isRedo ? trans.__('Nothing of yours to redo.') : trans.__('Nothing of yours to undo.'));
  };
  commands.addCommand(CommandIDs.undo, {
    label: trans.__('Undo My Last Stroke'),
    caption: trans.__('What others painted stays'),
    describedBy: NO_ARGUMENTS,
    isEnabled: isPainting,
    execute: () => takeBack(false)
  });
  commands.addCommand(CommandIDs.redo, {
    label: trans.__('Redo My Last Undone Stroke'),
    describedBy: NO_ARGUMENTS,
    isEnabled: isPainting,
    execute: () => takeBack(true)
  });
  commands.addCommand(CommandIDs.cancelStroke, {
    label: trans.__('Give Up the Stroke, Stop Following'),
    describedBy: NO_ARGUMENTS,
    isEnabled: () => view() !== null,
    execute: () => {
      const current = view();
      if (current?.viewer.cancelStroke() === false) current.following.stop();
    }
  });
}
