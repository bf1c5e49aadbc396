import type { TranslationBundle } from '@jupyterlab/translation';
import type { Overlay, OverlayLegend, SliceSource } from '../viewer/index.js';
import { DISAGREEMENT_COLOURS } from '../viewer/colourMaps.js';
import type { LiveConsensus } from './liveConsensus.js';

export interface LiveOverlays {
  readonly overlays: readonly Overlay[];
  readonly legend: OverlayLegend | null;
}

const NOTHING: LiveOverlays = { overlays: [], legend: null };

/** What the layers that are on draw. New objects for each picture: what was worked out of an older one is let go. */
export function liveOverlays({ layers, picture }: LiveConsensus, trans: TranslationBundle): LiveOverlays {
  if (picture === null) return NOTHING;
  const overlays: Overlay[] = [];
  if (layers.has('disagreement')) {
    overlays.push({
      kind: 'values',
      id: 'live-disagreement',
      voxels: picture.disagreement,
      colours: DISAGREEMENT_COLOURS,
      smooth: true
    });
  }
  if (layers.has('consensus')) {
    // A line: one paints beneath it, in the colours of the segments.
    overlays.push({
      kind: 'outline',
      id: 'live-consensus',
      voxels: sameVoxels(picture.labels),
      colour: '#ffffff',
      pattern: [5, 3],
      letter: '',
      letterAt: 'top',
      width: 1.5
    });
  }
  const legend: OverlayLegend | null = layers.has('disagreement')
    ? { kind: 'range', low: '0', high: '1', label: trans.__('disagreement'), colours: DISAGREEMENT_COLOURS }
    : null;
  return { overlays, legend };
}

/** The same voxels under another name: outlines are remembered by it. */
function sameVoxels(voxels: SliceSource): SliceSource {
  return { dims: voxels.dims, slice: (plane, index) => voxels.slice(plane, index) };
}
