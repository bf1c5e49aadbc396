import type { TranslationBundle } from '@jupyterlab/translation';
import type { Message } from '@lumino/messaging';
import { type ISignal, Signal } from '@lumino/signaling';
import { PanelLayout, Widget } from '@lumino/widgets';
import type { Segment, Volume } from '@voxcord/schemas/api';
import type { ReadSession } from '../client/index.js';
import { CaseReading } from '../reading/caseReading.js';
import { LiveConsensus } from '../live/liveConsensus.js';
import { liveOverlays } from '../live/liveOverlays.js';
import { CaseProposals } from '../proposals/caseProposals.js';
import { ProposalStrip } from '../proposals/proposalStrip.js';
import type { VoxcordService } from '../service/voxcordService.js';
import {
  CaseViewer,
  type LabelLayer,
  type Layout,
  type PaintTarget,
  type PointerTool,
  type RemotePreview
} from '../viewer/index.js';
import { CaseDisplay } from './caseDisplay.js';
import type { CaseMemory, CaseViewState } from './caseMemory.js';
import { CaseModel } from './caseModel.js';
import { CaseNotice } from './caseNotice.js';
import { Following } from './following.js';

export interface CaseViewOptions {
  readonly service: VoxcordService;
  readonly memory: CaseMemory;
  readonly trans: TranslationBundle;
  /** Id of the case, or what finds it out; asked again when opening is tried again. */
  readonly address: string | (() => Promise<string>);
  /** The `.voxcord` file that leads here, if any. */
  readonly path: string | null;
  /** The read to join at first; null: the one that was open last, or the usual one. */
  readonly readId: string | null;
  /** Left out: a case with the read that its reader would look for. */
  readonly model?: CaseModel;
}

const KEEP_DELAY = 500;

/** A case in the main area: the picture, what is painted on it, and notices above it. */
export class CaseView extends Widget {
  /** `review`: of the consensus of a case. */
  readonly kind: 'case' | 'review' = 'case';
  readonly model: CaseModel;
  readonly reading: CaseReading;
  readonly viewer: CaseViewer;
  readonly display: CaseDisplay;
  readonly following: Following;
  readonly live: LiveConsensus;
  readonly proposals: CaseProposals;
  readonly path: string | null;
  private readonly memory: CaseMemory;
  protected readonly service: VoxcordService;
  protected readonly trans: TranslationBundle;
  private readonly address: string | (() => Promise<string>);
  private readonly readId: string | null;
  private _segment: number | null = null;
  private layer: LabelLayer | null = null;
  private painted: ReadSession | null = null;
  private target: PaintTarget | null = null;
  private shownSegments = '';
  private followedIn: string | null = null;
  private couldPaint: boolean | undefined = undefined;
  private readonly _changed = new Signal<this, void>(this);
  private readonly _readersWanted = new Signal<this, void>(this);
  private frame = 0;
  private keepTimer: ReturnType<typeof setTimeout> | undefined;
  private isRestored = false;

  constructor(options: CaseViewOptions) {
    super();
    const { service, memory, trans } = options;
    this.addClass('voxcord-CaseView');
    // Keys act on the case in front: it takes the focus.
    this.node.tabIndex = -1;
    this.service = service;
    this.memory = memory;
    this.trans = trans;
    this.address = options.address;
    this.path = options.path;
    this.readId = options.readId;
    this.model = options.model ?? new CaseModel(service);
    this.reading = new CaseReading(service, this.model);
    this.display = new CaseDisplay(service.preferences.values.opacity);
    const { convention, interpolate, outlineWidth, pressureSize, brush } = service.preferences.values;
    this.viewer = new CaseViewer({ trans, settings: { convention, interpolate, outlineWidth, pressureSize } });
    this.viewer.brush = brush;
    this.following = new Following(this.viewer);
    this.live = new LiveConsensus(service.api, this.model);
    this.proposals = new CaseProposals(this, service.api, trans);

    const layout = (this.layout = new PanelLayout());
    layout.addWidget(new CaseNotice(this, trans));
    layout.addWidget(this.viewer);
    layout.addWidget(new ProposalStrip(this, trans));

    this.model.changed.connect(this.onModel);
    this.reading.changed.connect(() => this.emitSoon());
    this.model.volumeChanged.connect(this.onVolume);
    this.model.sessionChanged.connect(this.onSession);
    this.viewer.stateChanged.connect(this.onViewer);
    this.viewer.toolChanged.connect(this.onViewer);
    this.viewer.paintRuleChanged.connect(this.onViewer);
    this.viewer.phaseChanged.connect(this.onViewer);
    this.viewer.cursorMoved.connect((_, cursor) => {
      this.model.session?.people.show({ cursor: cursor === null ? null : { ...cursor, world: [...cursor.world] } });
    });
    this.viewer.crosshairChanged.connect(() => this.showCrosshair());
    this.viewer.phaseChanged.connect(() => this.showCrosshair());
    this.following.changed.connect(this.onFollowing);
    this.live.changed.connect(this.onLive);
    service.preferences.changed.connect(this.onPreferences);
    document.addEventListener('visibilitychange', this.onVisibility);
    window.addEventListener('online', this.onOnline);
    void this.open();
  }

  /** Anything that panels and bars show of this case changed; at most once per frame. */
  get changed(): ISignal<this, void> {
    return this._changed;
  }

  /** Id of the case, as early as it is known: what is restored with the layout must have its name at once. */
  get caseId(): string | null {
    return this.model.caseId ?? (typeof this.address === 'string' ? this.address : null);
  }

  /** Somebody wants to give this case to readers. */
  get readersWanted(): ISignal<this, void> {
    return this._readersWanted;
  }

  /** Leads to where this case is given to readers. */
  chooseReaders(): void {
    this._readersWanted.emit();
  }

  /** Number of the segment that is painted with; null: none is chosen. */
  get segment(): number | null {
    return this._segment;
  }

  set segment(number: number | null) {
    this._segment = number;
    this.viewer.segment = number;
    this.onViewer();
  }

  get tool(): PointerTool {
    return this.viewer.tool;
  }

  set tool(tool: PointerTool) {
    this.viewer.tool = tool;
    this.onViewer();
  }

  get viewLayout(): Layout {
    return this.viewer.paneLayout;
  }

  set viewLayout(layout: Layout) {
    this.viewer.paneLayout = layout;
    this.onViewer();
  }

  /** Why this person cannot paint here now, in a sentence; null: they can, or no read is open. */
  get whyNotPaint(): string | null {
    const { session, labelsFit } = this.model;
    if (session === null) return null;
    if (session.saveState.kind === 'refused') {
      return this.trans.__('The server has refused this read; see the notice above the picture.');
    }
    if (session.read.purpose === 'model') {
      return this.trans.__('A model has labelled this. Copy from it into a read of yours to change it.');
    }
    if (session.read.state === 'submitted') {
      return this.trans.__('This read is submitted and cannot be painted any more.');
    }
    if (!session.mayPaint) return this.trans.__('You may look at this read but not paint in it.');
    return labelsFit
      ? null
      : this.trans.__('The read lies on another grid than this volume. Show its own volume to paint.');
  }

  /** Follows that person, or nobody any more if they are followed already. */
  follow(username: string): void {
    if (this.following.username === username) this.following.stop();
    else this.following.start(username, this.model.session?.people.present() ?? []);
  }

  /** Call it after a change of `display`. */
  redisplay(): void {
    this.showSegments();
    this.onViewer();
  }

  override dispose(): void {
    if (this.isDisposed) return;
    clearTimeout(this.keepTimer);
    cancelAnimationFrame(this.frame);
    document.removeEventListener('visibilitychange', this.onVisibility);
    window.removeEventListener('online', this.onOnline);
    this.service.preferences.changed.disconnect(this.onPreferences);
    this.following.dispose();
    this.live.dispose();
    this.proposals.dispose();
    this.reading.dispose();
    this.model.dispose();
    Signal.clearData(this);
    super.dispose();
  }

  protected override onActivateRequest(_: Message): void {
    this.node.focus({ preventScroll: true });
  }

  /** Opens the case as this person left it. Also to try again. */
  async open(): Promise<void> {
    try {
      const caseId = typeof this.address === 'string' ? this.address : await this.address();
      const kept = await this.memory.view(this.placeOf(caseId)).catch(() => null);
      if (this.isDisposed) return;
      if (kept !== null && !this.isRestored) this.restore(kept);
      this.isRestored = true;
      await this.model.open(caseId, this.readId ?? kept?.read ?? null, kept?.volume ?? null);
      if (this.model.case === null) return;
      await this.noteOpened();
    } catch (error) {
      if (!this.isDisposed) this.model.fail(error);
    }
  }

  /** Name under which it is kept how this person left the view of a case. */
  protected placeOf(caseId: string): string {
    return caseId;
  }

  protected async noteOpened(): Promise<void> {
    const { caseId, title } = this.model;
    if (caseId !== null) await this.memory.noteOpened({ case: caseId, title, path: this.path });
  }

  /** What is drawn of labels while no read is joined. */
  protected get fixedLabels(): { readonly layer: LabelLayer; readonly segments: readonly Segment[] } | null {
    return null;
  }

  private restore(kept: CaseViewState): void {
    this.viewer.setState(kept.viewer);
    this.viewer.tool = kept.tool;
    this.display.setState(kept.display);
    this._segment = kept.segment;
    this.viewer.segment = kept.segment;
  }

  private readonly onModel = (): void => {
    this.keepChoices();
    this.showSegments();
    this.offerPainting();
    this.showPeople();
    this.emitSoon();
  };

  /** What is chosen to paint, and to paint over, must exist. While the read is joined nothing is known yet. */
  private keepChoices(): void {
    const { segments } = this.model;
    if (segments.length === 0) return;
    if (!segments.some(({ number }) => number === this._segment)) {
      this._segment = segments[0]?.number ?? null;
      this.viewer.segment = this._segment;
    }
    const { paintOver } = this.viewer;
    if (typeof paintOver !== 'string' && !segments.some(({ number }) => paintOver.segments.includes(number))) {
      this.viewer.paintOver = 'everything';
    }
  }

  private readonly onVolume = (_: CaseModel, volume: Volume): void => {
    // Values of one volume say nothing about another.
    if (this.viewer.paintRange !== null) this.viewer.paintRange = null;
    void this.viewer
      .setVolume({
        volume,
        load: async (onProgress, signal) => {
          const bytes = await this.service.volumes.load(volume, {
            signal,
            onProgress: ({ loaded, total }) => onProgress(loaded / total)
          });
          return bytes.buffer;
        }
      })
      // The picture tells what went wrong.
      .catch(() => undefined);
    this.showLabels();
  };

  private readonly onSession = (_: CaseModel, session: ReadSession | null): void => {
    if (session !== null) {
      if (session.read.id !== this.followedIn) this.following.stop();
      this.followedIn = session.read.id;
      this.showCrosshair();
      session.labels.layerChanged.connect(this.showLabels);
      session.previewed.connect(this.onPreview);
    }
    this.showLabels();
  };

  private readonly onPreview = (_: ReadSession, preview: RemotePreview): void => this.viewer.showPreview(preview);

  protected readonly showLabels = (): void => {
    const live = this.model.labelsFit ? this.model.session?.labels.layer : undefined;
    const layer = live ?? (this.model.session === null ? (this.fixedLabels?.layer ?? null) : null);
    if (layer !== this.layer) this.viewer.setLabels((this.layer = layer));
    this.offerPainting();
  };

  /** A new target, or the same one told again, takes the stroke under the pointer away: only when something changed. */
  private offerPainting(): void {
    const session = this.model.labelsFit ? this.model.session : null;
    if (session !== this.painted) {
      this.painted = session;
      this.target = session === null ? null : this.targetFor(session);
    } else if (this.couldPaint === session?.mayPaint) {
      return;
    }
    this.couldPaint = session?.mayPaint;
    this.viewer.setPaintTarget(this.target);
  }

  private targetFor(session: ReadSession): PaintTarget {
    const whyNot = (): string => this.whyNotPaint ?? '';
    return {
      get mayPaint() {
        return session.mayPaint;
      },
      get whyNot() {
        return whyNot();
      },
      begin: () => session.beginStroke(),
      commit: (region, segment, tool) => session.labels.paint(region, segment, tool),
      cancel: () => undefined,
      preview: part => session.sendPreview(part)
    };
  }

  /** Surfaces are made anew for a new list of segments: only when one of them looks different. */
  protected showSegments(): void {
    const appearances = this.display.appearances(this.model.session?.segments ?? this.fixedLabels?.segments ?? []);
    const key = JSON.stringify(appearances);
    if (key === this.shownSegments) return;
    this.shownSegments = key;
    this.viewer.setSegments(appearances);
  }

  /** Where those who follow this person should be. */
  private showCrosshair(): void {
    if (this.viewer.phase.phase !== 'ready') return;
    const [x, y, z] = this.viewer.crosshair;
    this.model.session?.people.show({ crosshair: [x, y, z] });
  }

  private readonly onFollowing = (): void => {
    const { username } = this.following;
    const leader = this.model.session?.people.present().find(({ user }) => user.username === username);
    this.toggleClass('voxcord-mod-following', username !== null);
    this.node.style.setProperty('--voxcord-followed', leader?.user.colour ?? 'transparent');
    this.emitSoon();
  };

  private readonly onLive = (): void => {
    // A review has overlays of its own.
    if (this.kind === 'review') return;
    const { overlays, legend } = liveOverlays(this.live, this.trans);
    this.viewer.setOverlays(overlays, legend);
    this.emitSoon();
  };

  private showPeople(): void {
    const people = this.model.session?.people.present() ?? [];
    this.following.update(people);
    this.viewer.setPeople(
      people
        .filter(({ isMe }) => !isMe)
        .map(({ client, user, cursor }) => ({
          client,
          displayName: user.displayName,
          colour: user.colour,
          cursor
        }))
    );
  }

  private readonly onPreferences = (): void => {
    const { convention, interpolate, outlineWidth, pressureSize } = this.service.preferences.values;
    this.viewer.changeSettings({ convention, interpolate, outlineWidth, pressureSize });
  };

  private readonly onVisibility = (): void => {
    this.model.session?.people.show({ activity: document.hidden ? 'away' : 'active' });
  };

  /** The network is back: no need to wait for the next attempt. */
  private readonly onOnline = (): void => {
    if (this.model.saveState?.kind === 'offline') this.model.session?.retry();
  };

  private readonly onViewer = (): void => {
    this.emitSoon();
    const { caseId } = this.model;
    if (!this.isRestored || caseId === null) return;
    clearTimeout(this.keepTimer);
    this.keepTimer = setTimeout(() => {
      void this.memory.keepView(this.placeOf(caseId), {
        viewer: this.viewer.getState(),
        display: this.display.getState(),
        tool: this.tool,
        segment: this._segment,
        volume: this.model.volume?.hash ?? null,
        read: this.model.read?.id ?? null
      });
    }, KEEP_DELAY);
  };

  protected emitSoon(): void {
    if (this.frame !== 0) return;
    this.frame = requestAnimationFrame(() => {
      this.frame = 0;
      this._changed.emit();
    });
  }
}
