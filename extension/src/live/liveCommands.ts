import type { TranslationBundle } from '@jupyterlab/translation';
import type { CommandRegistry } from '@lumino/commands';
import type { CaseInFront } from '../case/caseInFront.js';
import type { CaseView } from '../case/caseView.js';
import { CommandIDs } from '../commandIds.js';
import type { LiveLayer } from './liveConsensus.js';
import { layerName, obstacleText } from './liveTexts.js';

const LAYERS: readonly LiveLayer[] = ['consensus', 'disagreement'];

/** Turns the layers of the live consensus on and off; where there is none, says why. */
export function addLiveCommands(commands: CommandRegistry, front: CaseInFront, trans: TranslationBundle): void {
  const view = (): CaseView | null => (front.view?.kind === 'case' ? front.view : null);
  const layerOf = (value: unknown): LiveLayer => LAYERS.find(layer => layer === value) ?? 'consensus';
  commands.addCommand(CommandIDs.liveLayer, {
    label: args => trans.__('Show %1', layerName(layerOf(args['layer']), trans)),
    caption: trans.__('Follows every stroke of the reads of this case that you may see'),
    describedBy: {
      args: { type: 'object', properties: { layer: { enum: [...LAYERS] } }, required: ['layer'] }
    },
    isEnabled: () => view() !== null,
    isToggleable: true,
    isToggled: args => view()?.live.layers.has(layerOf(args['layer'])) === true,
    execute: async args => {
      const current = view();
      if (current === null) return;
      const layer = layerOf(args['layer']);
      await current.live.show(layer, !current.live.layers.has(layer));
      const { status, obstacle } = current.live;
      if (status.kind === 'unavailable' && obstacle !== null) current.viewer.tell(obstacleText(obstacle, trans));
    }
  });
}
