import type { IDisposable } from '@lumino/disposable';
import { type ISignal, Signal } from '@lumino/signaling';
import type {
  Difference,
  Project,
  ProtocolContent,
  ProtocolSegment,
  Read,
  ReadOrigin,
  Revision,
  Signing
} from '@voxcord/schemas/api';
import type { CaseModel } from '../case/caseModel.js';
import { messageOf } from '../client/index.js';
import type { VoxcordService } from '../service/voxcordService.js';
import { LookAgain } from '../ui/lookAgain.js';

/** Two revisions of a read, and what differs between them. */
export interface Comparison {
  readonly before: Revision;
  readonly after: Revision;
  /** Null: being computed. */
  readonly difference: Difference | null;
}

/** What is known of the study that a case belongs to. */
interface Study {
  readonly project: Project;
  /** Contents by version of the protocol. */
  readonly protocols: ReadonlyMap<number, ProtocolContent>;
}

/** The life of the read that is open in a view: begun, submitted, reopened, with its revisions. */
export class CaseReading implements IDisposable {
  private study: Study | null = null;
  private studyOf: string | null = null;
  private _revisions: readonly Revision[] = [];
  private revisionsOf = '';
  private _origins: readonly ReadOrigin[] | null = null;
  private originsOf = '';
  private _comparison: Comparison | null = null;
  private _problem: string | null = null;
  private _isBusy = false;
  private readonly lookAgain: LookAgain;
  private _isDisposed = false;
  private readonly _changed = new Signal<this, void>(this);

  constructor(
    readonly service: VoxcordService,
    private readonly model: CaseModel
  ) {
    model.changed.connect(this.follow, this);
    this.lookAgain = new LookAgain(() => this.look());
  }

  get changed(): ISignal<this, void> {
    return this._changed;
  }

  /** Null: not known yet. */
  get project(): Project | null {
    return this.study?.project ?? null;
  }

  /** The version of the protocol that the open read follows; null: none, or not known. */
  get protocol(): ProtocolContent | null {
    const version = this.model.read?.protocolVersion ?? null;
    return version === null ? null : (this.study?.protocols.get(version) ?? null);
  }

  /** What the protocol says of a segment of the open read. */
  segment(number: number | null): ProtocolSegment | null {
    return this.protocol?.segments.find(segment => segment.number === number) ?? null;
  }

  /** Revisions of the open read, oldest first. */
  get revisions(): readonly Revision[] {
    return this._revisions;
  }

  /** What the open read owes to models, oldest first. */
  get origins(): readonly ReadOrigin[] {
    return this._origins ?? [];
  }

  get comparison(): Comparison | null {
    return this._comparison;
  }

  /** What went wrong last, for people. */
  get problem(): string | null {
    return this._problem;
  }

  get isBusy(): boolean {
    return this._isBusy;
  }

  /** Reads of this case that this person has been given and not begun. */
  get waiting(): readonly Read[] {
    const { case: opened, me } = this.model;
    return opened?.reads.filter(read => read.state === 'assigned' && read.reader.username === me?.username) ?? [];
  }

  /** The open read is this person's own, under a protocol. */
  get isOwn(): boolean {
    const { read, me } = this.model;
    return read !== null && read.protocolVersion !== null && read.reader.username === me?.username;
  }

  get mayOfferSubmission(): boolean {
    return this.isOwn && this.model.read?.state === 'open' && this.model.read.purpose === 'reading';
  }

  get mayReopen(): boolean {
    const { read } = this.model;
    const isSubmitted = read?.state === 'submitted' && read.purpose === 'reading' && read.protocolVersion !== null;
    return isSubmitted && (this.isOwn || this.project?.myRole === 'manager');
  }

  /** Begins a read that this person has been given, and joins it. Throws `VoxcordError`. */
  async begin(readId: string): Promise<void> {
    const read = await this.service.api.call('beginRead', { params: { readId } });
    await this.rejoin(read);
  }

  /** Submits and signs the open read; it is read-only afterwards. Throws `VoxcordError`. */
  async submit(read: Read, signing: Signing, remark: string, notRead: readonly number[] = []): Promise<Revision> {
    return this.service.api.call('submitRead', {
      params: { readId: read.id },
      body: {
        signing,
        ...(remark === '' ? {} : { remark }),
        ...(notRead.length === 0 ? {} : { notRead: [...notRead] })
      }
    });
  }

  /** Opens the submitted read again, for its next revision. */
  async reopen(reason: string): Promise<void> {
    const { read } = this.model;
    if (read === null) return;
    await this.run(async () => {
      await this.rejoin(await this.service.api.call('reopenRead', { params: { readId: read.id }, body: { reason } }));
    });
  }

  /** Shows what differs between a revision and the one after it. */
  async compare(before: Revision, after: Revision): Promise<void> {
    this._comparison = { before, after, difference: null };
    await this.run(async () => {
      const difference = await this.service.api.call('getDifference', {
        query: { before: `revision:${before.hash}`, after: `revision:${after.hash}` }
      });
      if (this._comparison?.before === before && this._comparison.after === after) {
        this._comparison = { before, after, difference };
      }
    });
    if (this._problem !== null) this.endComparison();
  }

  /** Asks again what the open read owes to models. What cannot be asked now is asked with the next look. */
  async refreshOrigins(): Promise<void> {
    const readId = this.originsOf;
    if (readId === '') return;
    try {
      const origins = await this.service.api.call('listReadOrigins', { params: { readId } });
      // They become more, never fewer: an older answer may come later.
      if (this.originsOf !== readId || origins.length <= (this._origins?.length ?? -1)) return;
      this._origins = origins;
      this.emit();
    } catch {
      return;
    }
  }

  endComparison(): void {
    this._comparison = null;
    this.emit();
  }

  /** Asks for the case anew and joins `read` as it is now. */
  async rejoin(read: Read): Promise<void> {
    await this.model.refresh();
    await this.model.join(this.model.case?.reads.find(({ id }) => id === read.id) ?? read);
    this.service.noteCasesChanged();
  }

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  dispose(): void {
    if (this._isDisposed) return;
    this._isDisposed = true;
    this.lookAgain.dispose();
    Signal.clearData(this);
  }

  /** Who waits for a read of this case may have been given one; others may have copied into the one that is open. */
  private look(): void {
    const { phase, read, readPhase } = this.model;
    if (read?.state === 'open' || this._origins === null) void this.refreshOrigins();
    if (phase.kind !== 'open' || readPhase.kind !== 'none' || this.project?.protocol === null) return;
    // The next look tries again.
    void this.model.refresh().catch(() => undefined);
  }

  /** Loads what belongs to the case and the read that are open now. */
  private readonly follow = (): void => {
    const { case: opened, read } = this.model;
    if (opened !== null && opened.projectId !== this.studyOf) {
      this.studyOf = opened.projectId;
      this.study = null;
      void this.loadStudy(opened.projectId);
    }
    const asked = read === null || !read.mayView || read.purpose === 'model' ? '' : read.id;
    if (asked !== this.originsOf) {
      this.originsOf = asked;
      this._origins = null;
      void this.refreshOrigins();
    }
    const wanted = read === null ? '' : `${read.id} ${read.revisions}`;
    if (wanted === this.revisionsOf) return;
    this.revisionsOf = wanted;
    this._revisions = [];
    this._comparison = null;
    this._problem = null;
    if (read !== null && read.revisions > 0) void this.loadRevisions(read.id, wanted);
  };

  private async loadStudy(projectId: string): Promise<void> {
    await this.run(async () => {
      const params = { projectId };
      const [project, protocols] = await Promise.all([
        this.service.api.call('getProject', { params }),
        this.service.api.call('listProtocols', { params })
      ]);
      if (this.studyOf !== projectId) return;
      this.study = { project, protocols: new Map(protocols.map(({ version, content }) => [version, content])) };
    });
  }

  private async loadRevisions(readId: string, wanted: string): Promise<void> {
    await this.run(async () => {
      const revisions = await this.service.api.call('listRevisions', { params: { readId } });
      if (this.revisionsOf === wanted) this._revisions = revisions;
    });
  }

  /** Does something that may fail; `problem` says what went wrong. */
  private async run(action: () => Promise<void>): Promise<void> {
    this._isBusy = true;
    this._problem = null;
    this.emit();
    try {
      await action();
    } catch (reason) {
      this._problem = messageOf(reason);
    }
    this._isBusy = false;
    this.emit();
  }

  private emit(): void {
    if (!this._isDisposed) this._changed.emit();
  }
}
