import { type ISignal, Signal } from '@lumino/signaling';
import { type LiveFigures, type LiveSubject, type SentState, CloseCode, decodeLiveBox } from '@voxcord/schemas/rooms';
import type { CaseModel } from '../case/caseModel.js';
import { LiveFeed, type VoxcordApi } from '../client/index.js';
import { type LiveObstacle, liveObstacle } from './liveObstacle.js';
import { LiveVoxels } from './liveVoxels.js';

export type LiveLayer = 'consensus' | 'disagreement';

/** What a live consensus shows, and what it is made of. */
export interface LivePicture {
  readonly subject: LiveSubject;
  readonly version: number;
  /** How many records of each read are in it. */
  readonly records: readonly number[];
  /** In number order. */
  readonly figures: readonly LiveFigures[];
  /** Segment numbers; 0 where nothing is, and where it is undecided. */
  readonly labels: LiveVoxels;
  /** 0 (all agree) to 255. */
  readonly disagreement: LiveVoxels;
}

export type LiveStatus =
  | { readonly kind: 'off' }
  /** No layer can be shown. */
  | { readonly kind: 'unavailable'; readonly why: LiveObstacle | 'too-large' | 'signed-out' | 'refused' }
  | { readonly kind: 'connecting' }
  /** `isFull`: the server has no place for it at the moment; else the connection was lost. Tried again by itself. */
  | { readonly kind: 'waiting'; readonly isFull: boolean }
  | { readonly kind: 'following' };

/** The live consensus of one open case: connected while one of its layers is on. */
export class LiveConsensus {
  private readonly _layers = new Set<LiveLayer>();
  private _status: LiveStatus = { kind: 'off' };
  private _picture: LivePicture | null = null;
  private feed: LiveFeed | null = null;
  /** The case as it was when the server refused: asked again once it is another. */
  private refusedAs: string | null = null;
  private readonly _changed = new Signal<this, void>(this);
  private isDisposed = false;

  constructor(
    private readonly api: VoxcordApi,
    private readonly model: CaseModel
  ) {
    model.changed.connect(this.onCase);
  }

  /** Layers that are on. */
  get layers(): ReadonlySet<LiveLayer> {
    return this._layers;
  }

  get status(): LiveStatus {
    return this._status;
  }

  /** Null: nothing has come yet, or no layer is on. */
  get picture(): LivePicture | null {
    return this._picture;
  }

  /** Why no layer can be turned on, as far as this page knows; null: it can. */
  get obstacle(): LiveObstacle | null {
    return this.model.case === null ? 'too-few' : liveObstacle(this.model.case);
  }

  /** Layers, status or picture changed. */
  get changed(): ISignal<this, void> {
    return this._changed;
  }

  /** Turns a layer on or off. Reads may have begun since the case was opened: it is asked for anew. */
  async show(layer: LiveLayer, isOn: boolean): Promise<void> {
    if (isOn) this._layers.add(layer);
    else this._layers.delete(layer);
    this.refusedAs = null;
    if (isOn) await this.model.refresh().catch(() => undefined);
    this.follow();
  }

  dispose(): void {
    if (this.isDisposed) return;
    this.isDisposed = true;
    this.model.changed.disconnect(this.onCase);
    this.feed?.dispose();
    Signal.clearData(this);
  }

  private readonly onCase = (): void => {
    if (this._layers.size > 0) this.follow();
  };

  /** Connects or lets go, as layers and case demand. */
  private follow(): void {
    const { caseId, case: opened } = this.model;
    if (this.isDisposed || caseId === null || opened === null) return;
    if (this._layers.size === 0) {
      this.letGo();
      this.change({ kind: 'off' });
      return;
    }
    const { obstacle } = this;
    if (obstacle !== null) {
      this.letGo();
      this.change({ kind: 'unavailable', why: obstacle });
      return;
    }
    const known = JSON.stringify(opened.reads.map(({ id, state, mayView }) => [id, state, mayView]));
    if (this.feed !== null || this.refusedAs === known) return;
    const { roomsUrl, settings, tokenParameter: parameters } = this.api;
    const feed = new LiveFeed({ roomsUrl, caseId, WebSocket: settings.WebSocket, parameters });
    this.feed = feed;
    feed.received.connect((_, sent) => this.receive(sent));
    feed.stateChanged.connect((_, state) => {
      switch (state.kind) {
        case 'connecting':
        case 'following':
          this.change({ kind: state.kind });
          break;
        case 'waiting':
          this.change({ kind: 'waiting', isFull: state.code === CloseCode.noPlace });
          break;
        case 'refused':
          this.letGo();
          this.refusedAs = known;
          this.change({ kind: 'unavailable', why: whyRefused(state.code) });
          // What changed on the server says why.
          if (state.code === CloseCode.gone) void this.model.refresh().catch(() => undefined);
      }
    });
    this.change({ kind: 'connecting' });
    feed.connect();
  }

  private receive({ state, boxes }: SentState): void {
    const before = this._picture;
    const subject = state.subject ?? before?.subject;
    if (subject === undefined) return;
    const isWhole = state.follows === null || before === null;
    const labels = isWhole ? new LiveVoxels(subject.dims) : before.labels;
    const disagreement = isWhole ? new LiveVoxels(subject.dims) : before.disagreement;
    for (const bytes of boxes) {
      const part = decodeLiveBox(bytes, subject.dims);
      labels.write({ box: part.box, values: part.labels });
      disagreement.write({ box: part.box, values: part.disagreement });
    }
    const figures = new Map((isWhole ? [] : before.figures).map(each => [each.number, each]));
    for (const each of state.segments) figures.set(each.number, each);
    this._picture = {
      subject,
      version: state.version,
      records: state.records,
      figures: [...figures.values()].sort((a, b) => a.number - b.number),
      labels,
      disagreement
    };
    this._changed.emit();
  }

  private letGo(): void {
    this.feed?.dispose();
    this.feed = null;
    this._picture = null;
  }

  private change(status: LiveStatus): void {
    this._status = status;
    this._changed.emit();
  }
}

function whyRefused(code: number): Extract<LiveStatus, { kind: 'unavailable' }>['why'] {
  if (code === CloseCode.tooLarge) return 'too-large';
  return code === CloseCode.signIn ? 'signed-out' : 'refused';
}
