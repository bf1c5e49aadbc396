import type { ILabShell } from '@jupyterlab/application';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { CommandRegistry } from '@lumino/commands';
import { CommandIDs } from '../commandIds.js';
import type { Layout } from '../viewer/index.js';
import type { CaseInFront } from './caseInFront.js';
import type { CaseView } from './caseView.js';
import { KeyOverlay } from './keyOverlay.js';

const NO_ARGUMENTS = { args: { type: 'object', properties: {} } } as const;

/** Commands that change what is seen and how. */
export function addViewCommands(
  commands: CommandRegistry,
  front: CaseInFront,
  trans: TranslationBundle,
  labShell: ILabShell | null
): void {
  const view = (): CaseView | null => front.view;
  const isEnabled = (): boolean => view() !== null;

  const layoutNames: Readonly<Record<Layout, string>> = {
    '2x2': trans.__('Three Planes and 3D'),
    axial: trans.__('Axial'),
    coronal: trans.__('Coronal'),
    sagittal: trans.__('Sagittal'),
    '3d': trans.__('3D')
  };
  commands.addCommand(CommandIDs.layout, {
    label: args =>
      typeof args['layout'] === 'string' && args['layout'] in layoutNames
        ? layoutNames[args['layout'] as Layout]
        : trans.__('Choose a Layout'),
    describedBy: {
      args: { type: 'object', properties: { layout: { enum: Object.keys(layoutNames) } }, required: ['layout'] }
    },
    isEnabled,
    isToggleable: true,
    isToggled: args => view()?.viewLayout === args['layout'],
    execute: args => {
      const current = view();
      const layout = args['layout'];
      if (current !== null && typeof layout === 'string' && layout in layoutNames) {
        current.viewLayout = layout as Layout;
      }
    }
  });
  commands.addCommand(CommandIDs.preset, {
    label: args => {
      const preset = view()?.viewer.presets.find(({ id }) => id === args['preset']);
      return preset === undefined ? trans.__('Window Preset') : trans.__('Window: %1', preset.label);
    },
    describedBy: {
      args: { type: 'object', properties: { preset: { type: 'string' } }, required: ['preset'] }
    },
    isEnabled: args => view()?.viewer.presets.some(({ id }) => id === args['preset']) === true,
    execute: args => {
      if (typeof args['preset'] === 'string') view()?.viewer.applyPreset(args['preset']);
    }
  });
  commands.addCommand(CommandIDs.slice, {
    label: args => (Number(args['steps']) < 0 ? trans.__('Previous Slice') : trans.__('Next Slice')),
    describedBy: { args: { type: 'object', properties: { steps: { type: 'integer' } }, required: ['steps'] } },
    isEnabled,
    execute: args => view()?.viewer.moveSlice(Number(args['steps']))
  });
  commands.addCommand(CommandIDs.zoom, {
    label: args => (Number(args['factor']) < 1 ? trans.__('Zoom Out') : trans.__('Zoom In')),
    describedBy: { args: { type: 'object', properties: { factor: { type: 'number' } }, required: ['factor'] } },
    isEnabled,
    execute: args => view()?.viewer.zoomBy(Number(args['factor']))
  });
  commands.addCommand(CommandIDs.resetView, {
    label: trans.__('Fit and Centre the View'),
    describedBy: NO_ARGUMENTS,
    isEnabled,
    execute: () => view()?.viewer.resetView()
  });
  commands.addCommand(CommandIDs.hideOverlays, {
    label: trans.__('Hide Labels and Text While Held'),
    describedBy: NO_ARGUMENTS,
    isEnabled,
    execute: () => {
      const viewer = view()?.viewer;
      if (viewer === undefined || viewer.overlaysHidden) return;
      viewer.overlaysHidden = true;
      const show = (): void => {
        viewer.overlaysHidden = false;
        window.removeEventListener('keyup', show, true);
        window.removeEventListener('blur', show);
      };
      window.addEventListener('keyup', show, true);
      window.addEventListener('blur', show);
    }
  });

  let folded: { readonly left: boolean; readonly right: boolean } | null = null;
  commands.addCommand(CommandIDs.foldPanels, {
    label: trans.__('Fold or Unfold Both Side Panels'),
    describedBy: NO_ARGUMENTS,
    isEnabled: () => labShell !== null && isEnabled(),
    execute: () => {
      if (labShell === null) return;
      const { leftCollapsed: left, rightCollapsed: right } = labShell;
      if (left && right) {
        if (folded === null || !folded.left) labShell.expandLeft();
        if (folded !== null && !folded.right) labShell.expandRight();
        folded = null;
      } else {
        folded = { left, right };
        labShell.collapseLeft();
        labShell.collapseRight();
      }
      view()?.activate();
    }
  });
  commands.addCommand(CommandIDs.fullScreen, {
    label: trans.__('Picture on the Full Screen'),
    describedBy: NO_ARGUMENTS,
    isEnabled,
    execute: async () => {
      if (document.fullscreenElement !== null) await document.exitFullscreen();
      else await view()?.node.requestFullscreen();
    }
  });
  commands.addCommand(CommandIDs.showPeople, {
    label: trans.__('People in the Room'),
    describedBy: NO_ARGUMENTS,
    isEnabled: () => labShell !== null,
    execute: () => labShell?.activateById('voxcord-people-panel')
  });
  commands.addCommand(CommandIDs.showKeys, {
    label: trans.__('Show the Keys'),
    describedBy: NO_ARGUMENTS,
    isEnabled,
    execute: () => {
      const current = view();
      if (current !== null) KeyOverlay.show(current, commands, trans);
    }
  });
}
