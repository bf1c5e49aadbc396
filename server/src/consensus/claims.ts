import { Decision } from './votes.js';

/** Probabilities that differ by less are equal. */
const EQUAL = 1e-9;

/** Later ones come before earlier ones. */
const State = { free: 0, tied: 1, claimed: 2, lesionTied: 3, lesionClaimed: 4 } as const;

/**
 * Puts the decisions on single segments together. A place that several segments claim goes to the most probable one;
 * equal claims leave it undecided, and so does a tie where nothing is claimed. Lesions come before structures: whether
 * they exist has been voted on, and they lie in structures. The order of the claims does not matter.
 */
export class Claims {
  /** The segment of each place; 0 where none is, or undecided. */
  readonly labels: Uint8Array;
  private readonly probabilities: Float32Array;
  private readonly states: Uint8Array;

  constructor(places: number) {
    this.labels = new Uint8Array(places);
    this.probabilities = new Float32Array(places);
    this.states = new Uint8Array(places);
  }

  claim(at: number, segment: number, decision: number, probability: number, isLesion: boolean): void {
    if (decision === Decision.background) return;
    const before = this.states[at] ?? 0;
    const [tied, claimed] = isLesion ? [State.lesionTied, State.lesionClaimed] : [State.tied, State.claimed];
    if (decision === Decision.undecided) {
      if (before < tied) this.set(at, 0, 0, tied);
    } else if (before < claimed) {
      this.set(at, segment, probability, claimed);
    } else if (before === claimed) {
      const best = this.probabilities[at] ?? 0;
      if (Math.abs(probability - best) <= EQUAL) this.labels[at] = 0;
      else if (probability > best) this.set(at, segment, probability, claimed);
    }
  }

  /** Takes over what is claimed at a place of other claims. */
  take(at: number, other: Claims, place: number): void {
    this.set(at, other.labels[place] ?? 0, other.probabilities[place] ?? 0, other.states[place] ?? 0);
  }

  isUndecided(at: number): boolean {
    return this.labels[at] === 0 && this.states[at] !== State.free;
  }

  private set(at: number, segment: number, probability: number, state: number): void {
    this.labels[at] = segment;
    this.probabilities[at] = probability;
    this.states[at] = state;
  }
}
