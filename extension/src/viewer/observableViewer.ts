import { type ISignal, Signal } from '@lumino/signaling';
import { Widget } from '@lumino/widgets';
import type {
  BrushSettings,
  CursorInView,
  Layout,
  Pointed,
  PointerTool,
  Vector,
  ViewerPhase,
  Window
} from './contracts.js';

/** The news of a viewer. */
export abstract class ObservableViewer extends Widget {
  /** What the viewer is doing about its volume. */
  get phase(): ViewerPhase {
    return this._phase;
  }
  /** World mm (RAS+). */
  get crosshairChanged(): ISignal<this, Vector> {
    return this.crosshairChangedSignal;
  }
  get windowChanged(): ISignal<this, Window> {
    return this.windowChangedSignal;
  }
  get brushChanged(): ISignal<this, BrushSettings> {
    return this.brushChangedSignal;
  }
  get toolChanged(): ISignal<this, PointerTool> {
    return this.toolChangedSignal;
  }
  get layoutChanged(): ISignal<this, Layout> {
    return this.layoutChangedSignal;
  }
  get phaseChanged(): ISignal<this, ViewerPhase> {
    return this.phaseChangedSignal;
  }
  /** The pointer over a plane, at most ten a second; null when it leaves. */
  get cursorMoved(): ISignal<this, CursorInView | null> {
    return this.cursorMovedSignal;
  }
  /** Somebody has pointed at something with the tool `propose`. */
  get pointed(): ISignal<this, Pointed> {
    return this.pointedSignal;
  }
  /** `paintOver` or `paintRange` was set. */
  get paintRuleChanged(): ISignal<this, void> {
    return this.paintRuleChangedSignal;
  }
  /** Something that `getState` holds changed. */
  get stateChanged(): ISignal<this, void> {
    return this.stateChangedSignal;
  }

  protected readonly crosshairChangedSignal = new Signal<this, Vector>(this);
  protected readonly windowChangedSignal = new Signal<this, Window>(this);
  protected readonly brushChangedSignal = new Signal<this, BrushSettings>(this);
  protected readonly toolChangedSignal = new Signal<this, PointerTool>(this);
  protected readonly layoutChangedSignal = new Signal<this, Layout>(this);
  protected readonly phaseChangedSignal = new Signal<this, ViewerPhase>(this);
  protected readonly cursorMovedSignal = new Signal<this, CursorInView | null>(this);
  protected readonly pointedSignal = new Signal<this, Pointed>(this);
  protected readonly paintRuleChangedSignal = new Signal<this, void>(this);
  protected readonly stateChangedSignal = new Signal<this, void>(this);

  protected setPhase(phase: ViewerPhase): void {
    this._phase = phase;
    this.node.dataset['phase'] = phase.phase;
    this.phaseChangedSignal.emit(phase);
  }

  private _phase: ViewerPhase = { phase: 'empty' };
}
