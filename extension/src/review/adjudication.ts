import type { Choice, Consensus, Decision, Dispute, Shown } from '@voxcord/schemas/api';
import type { CaseModel } from '../case/caseModel.js';
import { type ReadSession, type VoxcordApi, VoxcordError } from '../client/index.js';
import { readableBitmap, repaintingsFor } from './acceptance.js';
import type { ReviewModel } from './reviewModel.js';

/** What somebody decides about a dispute, with what they had before them. */
export interface Deciding {
  readonly dispute: Dispute;
  readonly choice: Choice;
  readonly reason: string;
  readonly shown: Shown;
}

/** Decides disputes: paints what was chosen into the read of the adjudication and records why. */
export class Adjudication {
  private _isBusy = false;

  constructor(
    private readonly api: VoxcordApi,
    private readonly cases: CaseModel,
    private readonly review: ReviewModel
  ) {}

  /** A decision is on its way: another one has to wait for it. */
  get isBusy(): boolean {
    return this._isBusy;
  }

  /** The read in which the truth is made, once it is joined. */
  get session(): ReadSession | null {
    const { session } = this.cases;
    return session?.read.purpose === 'adjudication' ? session : null;
  }

  /** Begins the adjudication of the draft on show, or takes part in the one that has begun. Throws `VoxcordError`. */
  async begin(): Promise<void> {
    const { draft } = this.review;
    if (draft === null || this._isBusy) return;
    await this.alone(async () => {
      const read = await this.api.call('beginAdjudication', { params: { consensusId: draft.id } });
      this.review.drafts.noteAdjudication(read.id);
      await this.join(read.id);
    });
  }

  /** Joins the read of an adjudication that has begun. */
  async join(readId: string): Promise<void> {
    if (this.cases.read?.id === readId) return;
    if (this.cases.case?.reads.some(({ id }) => id === readId) !== true) await this.cases.refresh();
    await this.cases.joinById(readId);
  }

  /**
   * Paints what was chosen, then records the decision. What cannot be recorded is taken back: a dispute that looks
   * decided and is not would be worse. Throws `VoxcordError`.
   */
  async decide({ dispute, choice, reason, shown }: Deciding): Promise<Decision | null> {
    const { draft } = this.review;
    const { session } = this;
    if (draft === null || session === null || this._isBusy) return null;
    return this.alone(async () => {
      const painted = await this.paint(draft, dispute, choice, session);
      try {
        const decision = await this.api.call('decideDispute', {
          params: { consensusId: draft.id, dispute: dispute.number },
          body: { choice, reason, shown }
        });
        this.review.forgetReason(dispute);
        this.review.drafts.note(decision);
        return decision;
      } catch (reason) {
        if (painted) session.labels.undo();
        throw reason;
      }
    });
  }

  /** True if a stroke was painted. */
  private async paint(draft: Consensus, dispute: Dispute, choice: Choice, session: ReadSession): Promise<boolean> {
    if (choice.kind !== 'reader' && choice.kind !== 'consensus') return false;
    if (!session.mayPaint) {
      throw new VoxcordError('adjudication.read-only', 'You may look at this adjudication but not decide in it.');
    }
    const { dims } = session.volume.grid;
    const reader = choice.kind === 'reader' ? this.review.reader(choice.letter) : null;
    if (choice.kind === 'reader' && reader === null) {
      throw new VoxcordError('adjudication.reader', `There is no reader ${choice.letter} in this consensus.`);
    }
    const { maps } = this.review;
    const [region, candidate] = await Promise.all([
      maps.region(draft, dispute.number, dims),
      reader === null ? maps.ofConsensus(draft) : maps.ofReader(reader)
    ]);
    if (region === null) return false;
    const now = readableBitmap(session.labels.bitmap, dims);
    const strokes = repaintingsFor(region, candidate, now, reader?.readSegments ?? null);
    session.labels.paintTogether(strokes, 'other');
    return strokes.length > 0;
  }

  private async alone<T>(act: () => Promise<T>): Promise<T> {
    this._isBusy = true;
    try {
      return await act();
    } finally {
      this._isBusy = false;
    }
  }
}
