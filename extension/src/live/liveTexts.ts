import type { TranslationBundle } from '@jupyterlab/translation';
import type { LiveLayer, LiveStatus } from './liveConsensus.js';
import type { LiveObstacle } from './liveObstacle.js';

export function layerName(layer: LiveLayer, trans: TranslationBundle): string {
  return layer === 'consensus' ? trans.__('Consensus (live)') : trans.__('Disagreement (live)');
}

export function obstacleText(why: LiveObstacle, trans: TranslationBundle): string {
  return why === 'blind'
    ? trans.__('The reads of this study are blind.')
    : trans.__('Needs two reads that have begun and that you may see.');
}

/** What has to be said while the layers are on; empty: nothing. */
export function statusText(status: LiveStatus, trans: TranslationBundle): string {
  switch (status.kind) {
    case 'off':
    case 'following':
      return '';
    case 'connecting':
      return trans.__('Connecting…');
    case 'waiting':
      return status.isFull
        ? trans.__('The server follows as many cases as it can; this one is tried again.')
        : trans.__('The connection was lost; it is tried again.');
    case 'unavailable':
      switch (status.why) {
        case 'too-large':
          return trans.__('This case is too large to be followed live. Compute a consensus instead.');
        case 'signed-out':
          return trans.__('You are signed out. Sign in to Jupyter in another tab, then turn the layer on again.');
        case 'refused':
          return trans.__('The server has ended it: reads or rights have changed. Turn the layer on again to try.');
        default:
          return obstacleText(status.why, trans);
      }
  }
}
