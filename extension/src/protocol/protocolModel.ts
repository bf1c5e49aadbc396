import type { IDisposable } from '@lumino/disposable';
import { type ISignal, Signal } from '@lumino/signaling';
import { type Project, type Protocol, ProtocolContent, type Signing } from '@voxcord/schemas/api';
import { type ProtocolIssue, checkProtocol, defaultProtocol } from '@voxcord/schemas/protocol';
import { Value } from 'typebox/value';
import type { VoxcordService } from '../service/voxcordService.js';
import { DraftSaving, type DraftState } from './draftSaving.js';

export type ProtocolPhase =
  { readonly kind: 'loading' } | { readonly kind: 'ready' } | { readonly kind: 'failed'; readonly error: unknown };

/** Milliseconds after the last key until a draft is saved. */
const SAVE_DELAY = 700;

const SAVED: DraftState = { kind: 'saved' };

/** The protocol of a project: its versions, and the draft while it is written. Knows nothing of widgets. */
export class ProtocolModel implements IDisposable {
  private _phase: ProtocolPhase = { kind: 'loading' };
  private _project: Project | null = null;
  private _versions: readonly Protocol[] = [];
  private _shown: number | null = null;
  private _content: ProtocolContent | null = null;
  private _issues: readonly ProtocolIssue[] = [];
  private saving: DraftSaving | null = null;
  private _isDisposed = false;
  private readonly _changed = new Signal<this, void>(this);

  constructor(
    readonly service: VoxcordService,
    readonly projectId: string
  ) {}

  get changed(): ISignal<this, void> {
    return this._changed;
  }

  get phase(): ProtocolPhase {
    return this._phase;
  }

  get project(): Project | null {
    return this._project;
  }

  /** Newest first; a draft before them. */
  get versions(): readonly Protocol[] {
    return this._versions;
  }

  /** The version on show; null: there is none yet. */
  get shown(): Protocol | null {
    return this._versions.find(({ version }) => version === this._shown) ?? this._versions[0] ?? null;
  }

  get draft(): Protocol | null {
    return this._versions.find(({ state }) => state === 'draft') ?? null;
  }

  /** The version that is in force. */
  get locked(): Protocol | null {
    return this._versions.find(({ state }) => state === 'locked') ?? null;
  }

  /** What is on show, with what is not saved yet. */
  get content(): ProtocolContent | null {
    return this._content;
  }

  get issues(): readonly ProtocolIssue[] {
    return this._issues;
  }

  get errors(): readonly ProtocolIssue[] {
    return this._issues.filter(({ severity }) => severity === 'error');
  }

  get draftState(): DraftState {
    return this.saving?.state ?? SAVED;
  }

  get mayManage(): boolean {
    return this._project?.myRole === 'manager';
  }

  /** What is on show can be changed here. */
  get mayEdit(): boolean {
    return this.mayManage && this.shown?.state === 'draft';
  }

  issueAt(path: string): ProtocolIssue | null {
    return this._issues.find(issue => issue.path === path) ?? null;
  }

  /** Something at or below `path` differs from the version before. */
  isChanged(path: string): boolean {
    return this.shown?.changes.some(change => change.path === path || change.path.startsWith(`${path}/`)) ?? false;
  }

  /** Loads project and versions. What is being written stays. */
  async load(): Promise<void> {
    const { api } = this.service;
    const params = { projectId: this.projectId };
    try {
      const [project, versions] = await Promise.all([
        api.call('getProject', { params }),
        api.call('listProtocols', { params })
      ]);
      if (this._isDisposed) return;
      this._project = project;
      this._versions = versions;
      this._phase = { kind: 'ready' };
      if (this.saving === null || this.saving.isSaved) this.follow();
    } catch (error) {
      if (this._isDisposed) return;
      this._phase = { kind: 'failed', error };
    }
    this._changed.emit();
  }

  show(version: number): void {
    void this.saving?.flush();
    this._shown = version;
    this.follow();
    this._changed.emit();
  }

  /** Changes the draft; it is saved by itself. */
  edit(change: (content: ProtocolContent) => ProtocolContent): void {
    if (this._content === null || !this.mayEdit) return;
    const content = change(this._content);
    this.take(content);
    this.saving?.change(content);
    this._changed.emit();
  }

  /** Begins the draft of the next version, from the one in force or from what the project has. */
  async begin(): Promise<void> {
    const { _project: project } = this;
    if (project === null) return;
    const content = this.locked?.content ?? defaultProtocol(project.title, project.segments);
    const begun = await this.save(content, null);
    this._shown = begun.version;
    await this.load();
  }

  /** Takes the draft of somebody else in place of one's own. */
  async takeTheirs(): Promise<void> {
    this.saving?.stop();
    this.saving = null;
    await this.load();
  }

  /** Saves one's own draft over that of somebody else. */
  async keepMine(): Promise<void> {
    const versions = await this.service.api.call('listProtocols', { params: { projectId: this.projectId } });
    const theirs = versions.find(({ state }) => state === 'draft');
    if (theirs === undefined) await this.takeTheirs();
    else await this.saving?.overwrite(theirs.edition);
  }

  retry(): Promise<void> {
    return this.saving?.flush() ?? Promise.resolve();
  }

  async discard(): Promise<void> {
    this.saving?.stop();
    this.saving = null;
    await this.service.api.call('discardProtocolDraft', { params: { projectId: this.projectId } });
    this._shown = null;
    await this.load();
  }

  /** Saves what is not saved yet, then locks the draft with a signature. */
  async lock(signing: Signing): Promise<Protocol> {
    await this.saving?.flush();
    const { draft } = this;
    if (draft === null) throw new Error('There is no draft to lock.');
    const locked = await this.service.api.call('lockProtocol', {
      params: { projectId: this.projectId },
      body: { edition: draft.edition, signing }
    });
    this.saving = null;
    this._shown = locked.version;
    await this.load();
    return locked;
  }

  /** Saves what is not saved yet. */
  async flush(): Promise<void> {
    await this.saving?.flush();
  }

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  dispose(): void {
    if (this._isDisposed) return;
    this._isDisposed = true;
    void this.saving?.flush();
    Signal.clearData(this);
  }

  /** Shows the stored content of the version on show. */
  private follow(): void {
    this.saving?.stop();
    this.saving = null;
    const { shown } = this;
    this.take(shown?.content ?? null);
    if (shown === null || !this.mayEdit) return;
    this.saving = new DraftSaving(shown.edition, {
      save: (content, edition) => this.save(content, edition),
      isStorable: content => Value.Check(ProtocolContent, content),
      onState: () => {
        if (!this._isDisposed) this._changed.emit();
      },
      onSaved: saved => this.replace(saved),
      delay: SAVE_DELAY
    });
  }

  private take(content: ProtocolContent | null): void {
    this._content = content;
    this._issues = content === null ? [] : checkProtocol(content);
  }

  private save(content: ProtocolContent, edition: number | null): Promise<Protocol> {
    return this.service.api.call('saveProtocolDraft', {
      params: { projectId: this.projectId },
      body: { edition, content }
    });
  }

  private replace(saved: Protocol): void {
    this._versions = this._versions.map(protocol => (protocol.version === saved.version ? saved : protocol));
  }
}
