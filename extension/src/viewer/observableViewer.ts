import { type ISignal, Signal } from '@lumino/signaling';
import { Widget } from '@lumino/widgets';
import type { BrushSettings, CursorInView, Layout, PointerTool, Vector, ViewerPhase, Window } from './contracts.js';

/** The news of a viewer. */
export abstract class ObservableViewer extends Widget {
  /** World mm (RAS+). */
  get crosshairChanged(): ISignal<this, Vector> {
    return this.emitters.crosshairChanged;
  }
  get windowChanged(): ISignal<this, Window> {
    return this.emitters.windowChanged;
  }
  get brushChanged(): ISignal<this, BrushSettings> {
    return this.emitters.brushChanged;
  }
  get toolChanged(): ISignal<this, PointerTool> {
    return this.emitters.toolChanged;
  }
  get layoutChanged(): ISignal<this, Layout> {
    return this.emitters.layoutChanged;
  }
  get phaseChanged(): ISignal<this, ViewerPhase> {
    return this.emitters.phaseChanged;
  }
  /** The pointer over a plane, at most ten a second; null when it leaves. */
  get cursorMoved(): ISignal<this, CursorInView | null> {
    return this.emitters.cursorMoved;
  }
  /** Something that `getState` holds changed. */
  get stateChanged(): ISignal<this, void> {
    return this.emitters.stateChanged;
  }

  protected readonly emitters = {
    crosshairChanged: new Signal<this, Vector>(this),
    windowChanged: new Signal<this, Window>(this),
    brushChanged: new Signal<this, BrushSettings>(this),
    toolChanged: new Signal<this, PointerTool>(this),
    layoutChanged: new Signal<this, Layout>(this),
    phaseChanged: new Signal<this, ViewerPhase>(this),
    cursorMoved: new Signal<this, CursorInView | null>(this),
    stateChanged: new Signal<this, void>(this)
  };
}
