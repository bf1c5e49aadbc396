import type { Message } from '@lumino/messaging';
import { affineFromRows, transformPoint } from '@voxcord/schemas/geometry';
import type { Choice, Dispute, Segment, Shown } from '@voxcord/schemas/api';
import type { CaseMemory } from '../case/caseMemory.js';
import { CaseView, type CaseViewOptions } from '../case/caseView.js';
import { isAbort, messageOf } from '../client/index.js';
import type { LabelLayer, Vector } from '../viewer/index.js';
import { Adjudication } from './adjudication.js';
import { greatestDisagreement } from './greatestDisagreement.js';
import { LookAgain } from '../ui/lookAgain.js';
import { ReviewCase } from './reviewCase.js';
import { ReviewModel } from './reviewModel.js';
import { ReviewOverlays } from './reviewOverlays.js';
import { tellProblem } from '../ui/notices.js';

export type ReviewViewOptions = Pick<CaseViewOptions, 'service' | 'trans'> & {
  readonly memory: CaseMemory;
  readonly caseId: string;
};

/** The consensus of a case in the main area: the picture of a case, with disagreement and decisions on it. */
export class ReviewView extends CaseView {
  override readonly kind = 'review';
  /** Null until the case is there. */
  review: ReviewModel | null = null;
  private _adjudication: Adjudication | null = null;
  private overlays: ReviewOverlays | null = null;
  private fixed: { readonly draft: string; readonly layer: LabelLayer } | null = null;
  private wantedOverlays = 0;
  private shownOverlays = '';
  private wantedLayer: string | null = null;
  private joining: string | null = null;
  private _painting: number | null = null;
  private wantedLesion: number | null = null;
  private readonly lookAgain: LookAgain;

  constructor({ caseId, ...options }: ReviewViewOptions) {
    super({
      ...options,
      address: caseId,
      path: null,
      readId: null,
      model: new ReviewCase(options.service)
    });
    this.addClass('voxcord-ReviewView');
    // What lies under it is judged: no colour over it but that of the disagreement.
    this.display.labelsOpacity = 0;
    this.model.changed.connect(this.onCase, this);
    this.lookAgain = new LookAgain(() => this.look());
    this.viewer.phaseChanged.connect(() => this.showWantedLesion());
  }

  get adjudication(): Adjudication | null {
    return this._adjudication;
  }

  /** What was decided about the draft on show is signed. */
  get isAdjudicationSigned(): boolean {
    const readId = this.review?.result?.adjudication.read ?? null;
    if (readId === null) return false;
    const { read, case: opened } = this.model;
    const adjudication = read?.id === readId ? read : opened?.reads.find(({ id }) => id === readId);
    return adjudication?.state === 'submitted';
  }

  /** Why nothing can be decided here now, in a sentence; null: it can. */
  get whyNotDecide(): string | null {
    const { review, trans } = this;
    const { draft, result } = review ?? {};
    if (draft === null || draft === undefined || result === null || result === undefined) {
      return trans.__('There is no consensus to decide about yet.');
    }
    if (draft.deviates) return trans.__('This is a comparison. Go back to the draft by the protocol to decide.');
    if (result.adjudication.read === null) return trans.__('Begin the adjudication to decide.');
    const session = this._adjudication?.session ?? null;
    if (session === null) return trans.__('The adjudication is being opened.');
    return session.mayPaint
      ? null
      : (this.whyNotPaint ?? trans.__('You may look at this adjudication but not decide in it.'));
  }

  /** Begins the adjudication of the draft on show. */
  async begin(): Promise<void> {
    try {
      await this._adjudication?.begin();
    } catch (reason) {
      tellProblem(messageOf(reason));
    }
    this.emitSoon();
  }

  /** Decides the dispute that is chosen and goes on to the next one that is open. */
  async decide(choice: Choice): Promise<void> {
    const { review, _adjudication: adjudication, trans } = this;
    const dispute = review?.dispute ?? null;
    if (review === null || adjudication === null || adjudication.isBusy) return;
    if (dispute === null) {
      this.viewer.tell(trans.__('Choose a dispute first: J goes to the next one.'));
      return;
    }
    const whyNot = this.whyNotDecide;
    if (whyNot !== null) {
      this.viewer.tell(whyNot);
      return;
    }
    try {
      const reason = review.reason(dispute).trim();
      const decided = adjudication.decide({ dispute, choice, reason, shown: this.shown() });
      this.emitSoon();
      if ((await decided) !== null && !review.goOn()) this.viewer.tell(trans.__('No dispute waits for a decision.'));
    } catch (reason) {
      tellProblem(trans.__('Dispute %1 was not decided. %2', dispute.number, messageOf(reason)));
    }
    this.emitSoon();
  }

  /** The dispute that this person paints now; null: none. */
  get painting(): number | null {
    return this._painting === this.review?.dispute?.number ? this._painting : null;
  }

  /** First takes the brush for the dispute that is chosen; then keeps what was painted as the decision. */
  async paintMyself(): Promise<void> {
    const dispute = this.review?.dispute ?? null;
    if (dispute !== null && this.painting === dispute.number) {
      this._painting = null;
      await this.decide({ kind: 'painted' });
      return;
    }
    const whyNot = this.whyNotDecide;
    if (dispute === null || whyNot !== null) {
      this.viewer.tell(whyNot ?? this.trans.__('Choose a dispute first: J goes to the next one.'));
      return;
    }
    this._painting = dispute.number;
    this.tool = 'brush';
    this.viewer.tell(this.trans.__('Paint dispute %1, then press E again to keep it as the decision.', dispute.number));
    this.emitSoon();
  }

  /** Brings a place (world mm) into the picture. */
  goTo(world: Vector): void {
    this.viewer.goTo(world);
  }

  /** Brings a lesion of the consensus into the picture, as soon as it is known. */
  goToLesion(lesion: number): void {
    this.wantedLesion = lesion;
    this.showWantedLesion();
  }

  /** Brings the place into the picture where two readers differ most about the segment in question. */
  async goToDisagreement(a: string, b: string): Promise<void> {
    const { review, model, trans } = this;
    const [left, right] = [review?.reader(a) ?? null, review?.reader(b) ?? null];
    const segment = review?.segment ?? null;
    const volume = review?.volume ?? model.volume;
    if (review === null || left === null || right === null || segment === null || volume === null) return;
    try {
      const maps = await Promise.all([review.maps.ofReader(left), review.maps.ofReader(right)]);
      const voxel = greatestDisagreement(maps[0], maps[1], segment, volume.spacing);
      if (voxel === null) this.viewer.tell(trans.__('%1 and %2 are the same here.', a, b));
      else this.goTo(transformPoint(affineFromRows(volume.grid.affine), voxel));
    } catch (reason) {
      if (!isAbort(reason)) tellProblem(messageOf(reason));
    }
  }

  override dispose(): void {
    if (this.isDisposed) return;
    this.lookAgain.dispose();
    this.review?.dispose();
    super.dispose();
  }

  protected override placeOf(caseId: string): string {
    return `review:${caseId}`;
  }

  /** A case opened last is a case: reviews are not listed with them. */
  protected override noteOpened(): Promise<void> {
    return Promise.resolve();
  }

  protected override get fixedLabels(): { readonly layer: LabelLayer; readonly segments: readonly Segment[] } | null {
    const { fixed, review } = this;
    return fixed === null ? null : { layer: fixed.layer, segments: review?.study?.segments ?? [] };
  }

  private shown(): Shown {
    const { viewer, model, review } = this;
    const { level, width } = viewer.window;
    const [x, y, z] = viewer.crosshair;
    return {
      overlays: [...(review?.overlays ?? [])],
      centre: [x, y, z],
      window: [level, width],
      volume: model.volume?.hash ?? ''
    };
  }

  private readonly onCase = (): void => {
    const opened = this.model.case;
    if (opened === null || this.review !== null) return;
    const review = (this.review = new ReviewModel(this.service.api, opened));
    this._adjudication = new Adjudication(this.service.api, this.model, review);
    this.overlays = new ReviewOverlays(review, this.trans, reason => this.viewer.tell(messageOf(reason)));
    review.changed.connect(this.onReview);
    review.disputeChosen.connect((_, dispute) => this.onDispute(dispute));
    this.onReview();
  };

  private readonly onReview = (): void => {
    this.showOverlays();
    void this.showConsensus();
    void this.joinAdjudication();
    this.showWantedLesion();
    this.showSegments();
    this.emitSoon();
  };

  private readonly showWantedLesion = (): void => {
    const { wantedLesion: wanted, review, viewer } = this;
    if (wanted === null || viewer.phase.phase !== 'ready') return;
    const lesions = review?.result?.lesions;
    if (review === null || lesions === undefined) return;
    this.wantedLesion = null;
    const lesion = lesions.find(({ id }) => id === wanted);
    if (lesion === undefined) return;
    review.segment = lesion.segment;
    this.goTo(lesion.centre);
  };

  private onDispute(dispute: Dispute): void {
    this.goTo(dispute.centre);
    const [segment] = dispute.segments;
    if (segment !== undefined) this.segment = segment;
  }

  /** The picture changes only when something else is to be drawn. */
  private showOverlays(): void {
    const { review, overlays } = this;
    if (review === null || overlays === null) return;
    const { comparison, draft, segment, dispute } = review;
    const key = JSON.stringify([
      draft?.id,
      segment,
      dispute?.number,
      [...review.overlays],
      comparison.phase.kind,
      comparison.before?.reference,
      comparison.after?.reference,
      review.study !== null
    ]);
    if (key === this.shownOverlays) return;
    this.shownOverlays = key;
    const wanted = ++this.wantedOverlays;
    void overlays.make().then(made => {
      if (wanted === this.wantedOverlays && !this.isDisposed) this.viewer.setOverlays(made.overlays, made.legend);
    });
  }

  /** Draws the consensus itself, until the adjudication takes its place. */
  private async showConsensus(): Promise<void> {
    const { review } = this;
    const draft = review?.draft ?? null;
    const dims = review?.volume?.grid.dims;
    if (review === null || draft === null || dims === undefined || draft.id === this.wantedLayer) return;
    this.wantedLayer = draft.id;
    try {
      const layer = await review.maps.layerOf(draft, dims);
      if (this.isDisposed || this.wantedLayer !== draft.id) return;
      this.fixed = { draft: draft.id, layer };
      this.showLabels();
    } catch (reason) {
      this.wantedLayer = null;
      if (!isAbort(reason)) this.viewer.tell(messageOf(reason));
    }
  }

  private async joinAdjudication(): Promise<void> {
    const { draft, result } = this.review ?? {};
    if (draft === null || draft === undefined) return;
    const readId = draft.deviates ? null : (result?.adjudication.read ?? null);
    if (this.joining === readId) return;
    this.joining = readId;
    // The adjudication of another draft is not that of the one on show.
    if (this.model.read !== null && this.model.read.id !== readId) this.model.leave();
    if (readId === null) return;
    try {
      await this._adjudication?.join(readId);
      await this.review?.loadAdjudicated(readId);
    } catch (reason) {
      this.joining = null;
      if (!isAbort(reason)) this.viewer.tell(messageOf(reason));
    }
  }

  protected override onAfterShow(message: Message): void {
    super.onAfterShow(message);
    this.look();
  }

  private look(): void {
    if (!this.isVisible) return;
    void this.review?.loadStudy();
    // The next look tries again.
    void this.review?.drafts.look().catch(() => undefined);
  }
}
