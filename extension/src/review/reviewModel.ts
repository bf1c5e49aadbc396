import type { IDisposable } from '@lumino/disposable';
import { type ISignal, Signal } from '@lumino/signaling';
import type {
  Case,
  Consensus,
  ConsensusReader,
  ConsensusResult,
  Dispute,
  Revision,
  Segment,
  Volume
} from '@voxcord/schemas/api';
import type { VoxcordApi } from '../client/index.js';
import { isAbort } from '../client/index.js';
import type { Metric } from './agreementMatrix.js';
import { Comparison } from './comparison.js';
import { ConsensusDrafts } from './consensusDrafts.js';
import { type DisputeOrder, inOrder, neighbour, nextOpen } from './disputeOrder.js';
import { ReviewMaps } from './reviewMaps.js';
import { type StudyOfCase, loadStudy } from './studyOfCase.js';

/** What lies over the picture: disagreement, the soft map, or a reader's outlines by letter. */
export type OverlayName = 'disagreement' | 'soft' | 'dispute' | `outline:${string}`;

/** Everything that the panels of a review show, and what is chosen in them. Knows nothing of widgets. */
export class ReviewModel implements IDisposable {
  readonly drafts: ConsensusDrafts;
  readonly maps: ReviewMaps;
  readonly comparison: Comparison;
  /** Null while it is loaded; readers see what they may see. */
  study: StudyOfCase | null = null;
  studyError: unknown = null;
  private adjudications: { readonly readId: string; readonly revisions: readonly Revision[] } | null = null;
  private _dispute: number | null = null;
  private _order: DisputeOrder = 'size';
  private _metric: Metric = 'dice';
  private _segment: number | null = null;
  private readonly _overlays = new Set<OverlayName>(['disagreement', 'dispute']);
  private readonly reasons = new Map<number, string>();
  private readonly loading = new AbortController();
  private readonly _changed = new Signal<this, void>(this);
  private readonly _disputeChosen = new Signal<this, Dispute>(this);

  constructor(
    private readonly api: VoxcordApi,
    readonly opened: Case
  ) {
    this.drafts = new ConsensusDrafts(api, opened.id);
    this.maps = new ReviewMaps(api);
    this.comparison = new Comparison(api, this.maps.fixed, opened.id);
    this.drafts.changed.connect(() => this.emit());
    this.comparison.changed.connect(() => this.emit());
    void this.drafts.open();
    void this.loadStudy();
  }

  /** Anything that people see of the review changed. */
  get changed(): ISignal<this, void> {
    return this._changed;
  }

  /** Somebody wants to see the place of a dispute. */
  get disputeChosen(): ISignal<this, Dispute> {
    return this._disputeChosen;
  }

  get draft(): Consensus | null {
    const { phase } = this.drafts;
    return phase.kind === 'ready' ? phase.draft : null;
  }

  get result(): ConsensusResult | null {
    const { phase } = this.drafts;
    return phase.kind === 'ready' ? phase.result : null;
  }

  get readers(): readonly ConsensusReader[] {
    return this.result?.readers ?? [];
  }

  /** Revisions of the adjudication of the draft on show, newest first. */
  get adjudicated(): readonly Revision[] {
    const { adjudications: known } = this;
    return known !== null && known.readId === this.result?.adjudication.read ? known.revisions : [];
  }

  reader(letter: string): ConsensusReader | null {
    return this.readers.find(reader => reader.letter === letter) ?? null;
  }

  /** The volume that the reads were painted on. */
  get volume(): Volume | null {
    const { volumes, reads } = this.opened;
    return volumes.find(({ hash }) => reads.some(({ volume }) => volume === hash)) ?? volumes[0] ?? null;
  }

  /** In the order that is chosen. */
  get disputes(): readonly Dispute[] {
    return inOrder(this.result?.disputes ?? [], this._order);
  }

  get dispute(): Dispute | null {
    return this.result?.disputes.find(({ number }) => number === this._dispute) ?? null;
  }

  get order(): DisputeOrder {
    return this._order;
  }
  set order(order: DisputeOrder) {
    this._order = order;
    this.emit();
  }

  get metric(): Metric {
    return this._metric;
  }
  set metric(metric: Metric) {
    this._metric = metric;
    this.emit();
  }

  /** Number of the segment that the figures are about; null: nothing is computed. */
  get segment(): number | null {
    const numbers = this.result?.segments.map(({ number }) => number) ?? [];
    return this._segment !== null && numbers.includes(this._segment) ? this._segment : (numbers[0] ?? null);
  }
  set segment(number: number | null) {
    this._segment = number;
    this.emit();
  }

  segmentOf(number: number): Segment | null {
    return this.study?.segments.find(segment => segment.number === number) ?? null;
  }

  get overlays(): ReadonlySet<OverlayName> {
    return this._overlays;
  }

  show(overlay: OverlayName, isShown: boolean): void {
    if (isShown) this._overlays.add(overlay);
    else this._overlays.delete(overlay);
    // Two colour maps upon each other mean nothing.
    if (isShown && overlay === 'soft') this._overlays.delete('disagreement');
    if (isShown && overlay === 'disagreement') this._overlays.delete('soft');
    this.emit();
  }

  /** Chooses a dispute and asks to see its place. */
  choose(number: number): void {
    const dispute = this.result?.disputes.find(candidate => candidate.number === number);
    if (dispute === undefined) return;
    this._dispute = number;
    const [segment] = dispute.segments;
    if (segment !== undefined) this._segment = segment;
    this.comparison.close();
    this.emit();
    this._disputeChosen.emit(dispute);
  }

  /** The next dispute of the list, or the one before. */
  step(steps: number): void {
    const next = neighbour(this.disputes, this._dispute, steps);
    if (next !== null) this.choose(next.number);
  }

  /** The next dispute that waits for a decision; the present one stays if there is none. */
  goOn(): boolean {
    const next = nextOpen(this.disputes, this._dispute);
    if (next === null) return false;
    this.choose(next.number);
    return true;
  }

  /** What is written as the reason for the decision on a dispute; what was kept with the last one until then. */
  reason(dispute: Dispute): string {
    return this.reasons.get(dispute.number) ?? dispute.decision?.reason ?? '';
  }

  writeReason(dispute: Dispute, text: string): void {
    this.reasons.set(dispute.number, text);
    this.emit();
  }

  forgetReason(dispute: Dispute): void {
    this.reasons.delete(dispute.number);
  }

  /** Looks whether the adjudication was submitted. Throws `VoxcordError`. */
  async loadAdjudicated(readId: string): Promise<void> {
    const revisions = (await this.api.call('listRevisions', { params: { readId } })).toReversed();
    this.adjudications = { readId, revisions };
    this.emit();
  }

  /** Project, protocol and releases: again after a release was prepared or signed. */
  async loadStudy(): Promise<void> {
    try {
      this.study = await loadStudy(this.api, this.opened, this.loading.signal);
      this.studyError = null;
    } catch (error) {
      if (isAbort(error)) return;
      this.studyError = error;
    }
    this.emit();
  }

  get isDisposed(): boolean {
    return this.loading.signal.aborted;
  }

  dispose(): void {
    if (this.isDisposed) return;
    this.loading.abort();
    this.drafts.dispose();
    this.comparison.dispose();
    Signal.clearData(this);
  }

  private emit(): void {
    if (!this.isDisposed) this._changed.emit();
  }
}
