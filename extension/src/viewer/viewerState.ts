import type { ViewerState } from './contracts.js';
import { PLANES } from './planes.js';
import type { ViewModel } from './viewModel.js';

/** The part of a state that needs the volume. */
export type WaitingState = Pick<ViewerState, 'window' | 'crosshair'>;

/** `waiting` stands for what is not applied yet. */
export function captureState(model: ViewModel, waiting: WaitingState | null): ViewerState {
  const { space } = model;
  const shown: WaitingState =
    space === null ? (waiting ?? {}) : { window: { ...model.window }, crosshair: space.toWorld(model.crosshair) };
  return {
    ...shown,
    layout: model.layout,
    panes: { ...model.looks },
    turn: { ...model.turn },
    brush: { ...model.brush }
  };
}

/** Takes over how the panes look, leaving out what makes no sense; returns what needs the volume. */
export function restoreLooks(model: ViewModel, state: ViewerState): WaitingState {
  for (const plane of PLANES) {
    const look = state.panes[plane];
    if (look !== undefined && look.zoom > 0 && look.pan.every(Number.isFinite)) model.looks[plane] = look;
  }
  const { azimuth, elevation, zoom } = state.turn;
  if (zoom > 0 && Number.isFinite(azimuth) && Number.isFinite(elevation)) model.turn = { azimuth, elevation, zoom };
  const { window, crosshair } = state;
  return { ...(window === undefined ? {} : { window }), ...(crosshair === undefined ? {} : { crosshair }) };
}
