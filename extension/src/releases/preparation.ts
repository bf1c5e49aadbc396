import type { IDisposable } from '@lumino/disposable';
import { type ISignal, Signal } from '@lumino/signaling';
import type { Case, Project, Protocol, Release, VersionStep } from '@voxcord/schemas/api';
import { type VoxcordApi, isAbort } from '../client/index.js';
import { type Readiness, readinessOf } from './readiness.js';
import { newestVersion } from './versionNumbers.js';

/** A case of the project and how far it is; null: not looked at yet. */
export interface CandidateCase {
  readonly case: Case;
  readonly readiness: Readiness | null;
}

/** Cases that are looked at at once. */
const AT_ONCE = 4;

/** What somebody chooses before a release is put together. */
export class Preparation implements IDisposable {
  project: Project | null = null;
  protocol: Protocol | null = null;
  releases: readonly Release[] = [];
  notes = '';
  private _step: VersionStep = 'minor';
  private _cases: readonly CandidateCase[] | null = null;
  private readonly chosen = new Set<string>();
  private _error: unknown = null;
  private _isPreparing = false;
  private readonly loading = new AbortController();
  private readonly _changed = new Signal<this, void>(this);

  /** `caseId`: the case that somebody comes from; null: all that are ready are chosen. */
  constructor(
    private readonly api: VoxcordApi,
    readonly projectId: string,
    readonly caseId: string | null
  ) {
    void this.load();
  }

  get changed(): ISignal<this, void> {
    return this._changed;
  }

  /** Null while they are looked for. */
  get cases(): readonly CandidateCase[] | null {
    return this._cases;
  }

  get error(): unknown {
    return this._error;
  }

  get isPreparing(): boolean {
    return this._isPreparing;
  }

  get step(): VersionStep {
    return this._step;
  }
  set step(step: VersionStep) {
    this._step = step;
    this.emit();
  }

  /** The first release is 1.0.0: there is no step to choose. */
  get isFirst(): boolean {
    return newestVersion(this.releases) === null;
  }

  /** A release that waits for signatures: it must be signed or withdrawn first. */
  get pending(): Release | null {
    return this.releases.find(({ state }) => state === 'preparing' || state === 'signing') ?? null;
  }

  isChosen(caseId: string): boolean {
    return this.chosen.has(caseId);
  }

  choose(caseId: string, isChosen: boolean): void {
    if (isChosen) this.chosen.add(caseId);
    else this.chosen.delete(caseId);
    this.emit();
  }

  get chosenCases(): readonly CandidateCase[] {
    return (this._cases ?? []).filter(candidate => this.chosen.has(candidate.case.id));
  }

  /** It is known how things stood: they may have changed since. */
  get mayLookAgain(): boolean {
    return this._cases?.every(({ readiness }) => readiness !== null) === true && !this._isPreparing;
  }

  /** Looks at the project and its cases. Also to try again and to look again. */
  async load(): Promise<void> {
    const { signal } = this.loading;
    this._error = null;
    try {
      const params = { projectId: this.projectId };
      const [project, protocols, releases, cases] = await Promise.all([
        this.api.call('getProject', { params }, signal),
        this.api.call('listProtocols', { params }, signal),
        this.api.call('listReleases', { params }, signal),
        this.api.call('listCases', { params }, signal)
      ]);
      this.project = project;
      this.protocol = protocols.find(({ state }) => state === 'locked') ?? null;
      this.releases = releases;
      const known = new Map(this._cases?.map(one => [one.case.id, one.readiness]));
      this._cases = cases.map(one => ({ case: one, readiness: known.get(one.id) ?? null }));
      this.emit();
      for (let n = 0; n < cases.length; n += AT_ONCE) {
        await Promise.all(cases.slice(n, n + AT_ONCE).map(one => this.lookAt(one, signal)));
      }
    } catch (error) {
      if (signal.aborted || isAbort(error)) return;
      this._error = error;
      this.emit();
    }
  }

  /** Has the release put together. Throws `VoxcordError`. */
  async prepare(): Promise<Release> {
    this._isPreparing = true;
    this.emit();
    try {
      return await this.api.call('prepareRelease', {
        params: { projectId: this.projectId },
        body: { step: this._step, cases: this.chosenCases.map(one => one.case.id), notes: this.notes.trim() }
      });
    } finally {
      this._isPreparing = false;
      this.emit();
    }
  }

  get isDisposed(): boolean {
    return this.loading.signal.aborted;
  }

  dispose(): void {
    if (this.isDisposed) return;
    this.loading.abort();
    Signal.clearData(this);
  }

  private async lookAt(one: Case, signal: AbortSignal): Promise<void> {
    const readiness = await readinessOf(this.api, one, signal);
    const before = this._cases?.find(known => known.case.id === one.id)?.readiness ?? null;
    this._cases = (this._cases ?? []).map(known => (known.case.id === one.id ? { case: one, readiness } : known));
    // A release tells of everything that is decided, unless somebody takes a case out.
    if (readiness.kind !== 'ready') this.chosen.delete(one.id);
    else if (before?.kind !== 'ready') this.chosen.add(one.id);
    this.emit();
  }

  private emit(): void {
    if (!this.isDisposed) this._changed.emit();
  }
}
