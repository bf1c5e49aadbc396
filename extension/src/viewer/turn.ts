import type { Vector } from './contracts.js';

/** How the 3D pane is turned, in degrees: 0, 0 looks at the patient's face. `zoom` 1 fits every turn. */
export interface Turn {
  readonly azimuth: number;
  readonly elevation: number;
  readonly zoom: number;
}

export const FRONTAL: Turn = { azimuth: 20, elevation: 15, zoom: 1 };

/** Unit vectors of the view, along the voxel axes (i to the right of the patient, j anterior, k superior). */
export interface ViewAxes {
  readonly right: Vector;
  readonly up: Vector;
  readonly forward: Vector;
}

export function viewAxes(turn: Turn): ViewAxes {
  const azimuth = (turn.azimuth * Math.PI) / 180;
  const elevation = (turn.elevation * Math.PI) / 180;
  const [sa, ca, se, ce] = [Math.sin(azimuth), Math.cos(azimuth), Math.sin(elevation), Math.cos(elevation)];
  return {
    right: [-ca, -sa, 0],
    up: [sa * se, -ca * se, ce],
    forward: [sa * ce, -ca * ce, -se]
  };
}

/** The turn after dragging by some CSS pixels: the surface follows the pointer. */
export function turnedBy(turn: Turn, dx: number, dy: number): Turn {
  const azimuth = ((((turn.azimuth + dx * 0.5 + 180) % 360) + 360) % 360) - 180;
  return { azimuth, elevation: Math.min(90, Math.max(-90, turn.elevation + dy * 0.5)), zoom: turn.zoom };
}

export function turnZoomed(turn: Turn, factor: number): Turn {
  return { ...turn, zoom: Math.min(20, Math.max(0.3, turn.zoom * factor)) };
}
