import type { TranslationBundle } from '@jupyterlab/translation';
import type { Difference } from '@voxcord/schemas/api';
import type { Overlay, OverlayLegend, SliceSource } from '../viewer/index.js';
import { DISAGREEMENT_COLOURS, PROBABILITY_COLOURS, categoryColours } from '../viewer/colourMaps.js';
import { ADDED, type ChangedVoxels, LAST_SEGMENT, REMOVED } from './changedVoxels.js';
import { lookOfReader } from './readerLooks.js';
import { BoxSource } from './regions.js';
import type { OverlayName, ReviewModel } from './reviewModel.js';

/** Lime and magenta: apart for every colour vision, no colour of the palette of segments, and not the red of danger. */
const CHANGE_COLOURS = { [ADDED]: '#c6ff3d', [REMOVED]: '#ff4fd8', [LAST_SEGMENT]: '#d9d9d9' } as const;
const CHANGE_OPACITY = 0.75;
/** More would not fit into the legend. */
const SEGMENTS_IN_LEGEND = 3;

export interface ShownOverlays {
  readonly overlays: readonly Overlay[];
  readonly legend: OverlayLegend | null;
}

/** Loads what is to lie over the picture now. What cannot be loaded is left out, and `failed` is told why. */
export class ReviewOverlays {
  private readonly made = new Map<string, Overlay>();

  constructor(
    private readonly review: ReviewModel,
    private readonly trans: TranslationBundle,
    private readonly failed: (reason: unknown) => void
  ) {}

  async make(): Promise<ShownOverlays> {
    const { phase } = this.review.comparison;
    if (phase.kind === 'shown') {
      return this.changes(phase.voxels, phase.difference);
    }
    const names = [...this.review.overlays].sort((a, b) => rankOf(a) - rankOf(b));
    const overlays = (await Promise.all(names.map(name => this.one(name)))).filter(overlay => overlay !== null);
    return { overlays, legend: this.legend() };
  }

  /** What is new, what is gone, and in the colour of its segment what belongs to another one now. */
  private changes(voxels: ChangedVoxels, { segments: compared }: Difference): ShownOverlays {
    const { review, trans } = this;
    const segments = (review.study?.segments ?? []).filter(({ number }) => number < LAST_SEGMENT);
    const ofSegments = Object.fromEntries(segments.map(({ number, colour }) => [number, colour]));
    const colours = categoryColours({ ...ofSegments, ...CHANGE_COLOURS }, CHANGE_OPACITY);
    const present = segments.filter(({ number }) =>
      compared.some(segment => segment.number === number && segment.volumeAfterMl > 0)
    );
    const keys = present.map(({ name, colour }) => ({ label: trans.__('now %1', name), colour }));
    return {
      overlays: [{ kind: 'values', id: 'changes', voxels, colours, smooth: false }],
      legend: {
        kind: 'keys',
        keys: [
          { label: trans.__('added'), colour: CHANGE_COLOURS[ADDED] },
          { label: trans.__('removed'), colour: CHANGE_COLOURS[REMOVED] },
          // One segment alone takes the place of no other.
          ...(keys.length > 1 && keys.length <= SEGMENTS_IN_LEGEND ? keys : [])
        ]
      }
    };
  }

  private async one(name: OverlayName): Promise<Overlay | null> {
    const { draft, segment, dispute } = this.review;
    if (draft === null) return null;
    const key = `${draft.id} ${name} ${name === 'soft' ? segment : name === 'dispute' ? dispute?.number : ''}`;
    const known = this.made.get(key);
    if (known !== undefined) return known;
    try {
      const overlay = await this.load(name);
      if (overlay !== null) this.made.set(key, overlay);
      return overlay;
    } catch (reason) {
      this.failed(reason);
      return null;
    }
  }

  private async load(name: OverlayName): Promise<Overlay | null> {
    const { draft, segment, dispute, maps } = this.review;
    if (draft === null) return null;
    if (name === 'disagreement') {
      const voxels = await maps.fixed.disagreement(draft.id);
      return { kind: 'values', id: name, voxels, colours: DISAGREEMENT_COLOURS, smooth: true };
    }
    if (name === 'soft') {
      if (segment === null) return null;
      const voxels = await maps.fixed.soft(draft.id, segment);
      return { kind: 'values', id: name, voxels, colours: PROBABILITY_COLOURS, smooth: true };
    }
    if (name === 'dispute') {
      const dims = this.review.volume?.grid.dims;
      if (dispute === null || dims === undefined) return null;
      const region = await maps.region(draft, dispute.number, dims);
      return region === null ? null : disputeOutline(new BoxSource(dims, region));
    }
    const letter = name.slice('outline:'.length);
    const reader = this.review.reader(letter);
    if (reader === null) return null;
    const { colour, pattern, letterAt } = lookOfReader(letter);
    return {
      kind: 'outline',
      id: name,
      voxels: await maps.ofReader(reader),
      colour,
      pattern,
      letter,
      letterAt,
      width: 1.5
    };
  }

  private legend(): OverlayLegend | null {
    const { trans, review } = this;
    const { overlays, segment } = review;
    if (review.draft === null) return null;
    const range = { kind: 'range', low: '0', high: '1' } as const;
    if (overlays.has('disagreement')) {
      return { ...range, label: trans.__('disagreement'), colours: DISAGREEMENT_COLOURS };
    }
    if (!overlays.has('soft') || segment === null) return null;
    const name = review.segmentOf(segment)?.name ?? trans.__('segment %1', segment);
    return { ...range, label: trans.__('probability of %1', name), colours: PROBABILITY_COLOURS };
  }
}

function disputeOutline(voxels: SliceSource): Overlay {
  return {
    kind: 'outline',
    id: 'dispute',
    voxels,
    colour: '#ffffff',
    pattern: [1, 3],
    letter: '',
    letterAt: 'top',
    width: 1
  };
}

/** Colours below, lines above. */
function rankOf(name: OverlayName): number {
  return name === 'disagreement' || name === 'soft' ? 0 : name === 'dispute' ? 2 : 1;
}
