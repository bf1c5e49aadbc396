import type { Segment } from '@voxcord/schemas/api';
import type { SegmentAppearance } from '../viewer/index.js';

interface Shown {
  readonly visible: boolean;
  readonly opacity: number;
}

export interface CaseDisplayState {
  readonly labelsVisible: boolean;
  readonly labelsOpacity: number;
  readonly segments: Readonly<Record<string, Shown>>;
}

/** How one person looks at the labels of a case: per layer and per segment. */
export class CaseDisplay {
  labelsVisible = true;
  /** 0 to 1; scales the opacity of each segment. */
  labelsOpacity: number;
  private readonly segments = new Map<number, Shown>();

  constructor(opacity: number) {
    this.labelsOpacity = opacity;
  }

  isVisible(segment: number): boolean {
    return this.segments.get(segment)?.visible ?? true;
  }

  /** 0 to 1, of the layer's opacity. */
  opacity(segment: number): number {
    return this.segments.get(segment)?.opacity ?? 1;
  }

  set(segment: number, change: Partial<Shown>): void {
    this.segments.set(segment, { visible: this.isVisible(segment), opacity: this.opacity(segment), ...change });
  }

  /** A segment got another number. */
  renumber(from: number, to: number): void {
    const shown = this.segments.get(from);
    this.segments.delete(from);
    if (shown !== undefined) this.segments.set(to, shown);
  }

  appearances(segments: readonly Segment[]): SegmentAppearance[] {
    return segments.map(segment => ({
      segment,
      visible: this.labelsVisible && this.isVisible(segment.number),
      opacity: this.labelsOpacity * this.opacity(segment.number)
    }));
  }

  getState(): CaseDisplayState {
    const { labelsVisible, labelsOpacity } = this;
    return { labelsVisible, labelsOpacity, segments: Object.fromEntries(this.segments) };
  }

  setState(state: CaseDisplayState): void {
    this.labelsVisible = state.labelsVisible;
    this.labelsOpacity = state.labelsOpacity;
    for (const [number, shown] of Object.entries(state.segments)) this.segments.set(Number(number), shown);
  }
}
