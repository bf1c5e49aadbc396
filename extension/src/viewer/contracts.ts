import type { Segment, Volume } from '@voxcord/schemas/api';
import type { LabelMap, PaintedRegion, Tool, VoxelBox } from '@voxcord/schemas/labelmap';
import type { Presence, StrokePreview } from '@voxcord/schemas/rooms';
import { type ISignal, Signal } from '@lumino/signaling';

/** x, y, z in world millimetres (RAS+), or i, j, k in voxels; the name of the value says which. */
export type Vector = readonly [number, number, number];

export type Plane = 'axial' | 'coronal' | 'sagittal';
export type Layout = '2x2' | Plane | '3d';
export type PointerTool = 'window' | 'brush' | 'eraser' | 'propose' | 'crosshair' | 'pan';
/** `radiological`: patient's right on the picture's left. */
export type Convention = 'radiological' | 'neurological';

/** Width and level of the grey window, in units of the volume (HU for CT). */
export interface Window {
  readonly width: number;
  readonly level: number;
}

export interface BrushSettings {
  readonly shape: 'disc' | 'sphere';
  readonly radiusMm: number;
}

/** A volume that can be shown, and how its bytes come here. */
export interface ViewerVolume {
  readonly volume: Volume;
  /**
   * The NIfTI rendition on the canonical RAS grid (`getVolumeFile`). The viewer keeps the buffer and
   * may change its header; hand out a fresh one. Rejects with the reason of `signal` when aborted.
   */
  load(onProgress: (fraction: number) => void, signal: AbortSignal): Promise<ArrayBuffer>;
}

/** How one segment is drawn. */
export interface SegmentAppearance {
  readonly segment: Segment;
  readonly visible: boolean;
  /** 0 to 1: of the fill; the outline stays legible above it. */
  readonly opacity: number;
}

/**
 * A label map with news of what changed in it. Every viewer of the layer uploads the boxes once per
 * frame. Whoever changes `labelMap` passes the boxes that the engine returned to `markDirty`.
 */
export class LabelLayer {
  constructor(readonly labelMap: LabelMap) {}

  /** Boxes of `labelMap.bitmap` that changed. */
  get dirty(): ISignal<this, readonly VoxelBox[]> {
    return this._dirty;
  }

  markDirty(boxes: readonly VoxelBox[]): void {
    if (boxes.length > 0) this._dirty.emit(boxes);
  }

  private readonly _dirty = new Signal<this, readonly VoxelBox[]>(this);
}

/** New part of the stroke under the pointer: what a `StrokePreview` needs, less the ids of the session. */
export type LocalPreview = Omit<StrokePreview, 'client' | 'stroke'>;

/**
 * Where finished strokes go. The viewer paints provisionally while the pointer is down. At pointer-up it
 * calls `commit`, which inserts the record into the label map and calls `LabelLayer.markDirty`, and
 * takes its provisional paint back in the same task: one frame, no flicker.
 */
export interface PaintTarget {
  readonly mayPaint: boolean;
  /** Why not, in a sentence for the reader: "This read is submitted." */
  readonly whyNot?: string;
  begin(): void;
  /** `segment` 0 erases. Throws when the stroke cannot be kept; the viewer shows the message. */
  commit(region: PaintedRegion, segment: number, tool: Tool): void;
  /** The stroke was given up (Escape, lost pointer). */
  cancel(): void;
  /** At most 20 a second; the last of a stroke has `done`. */
  preview(part: LocalPreview): void;
}

/** Somebody else in the room, as far as the picture shows them. */
export interface PersonInView {
  readonly client: number;
  readonly displayName: string;
  readonly colour: string;
  readonly cursor: Presence['cursor'];
}

/** A part of somebody else's stroke, relayed. */
export interface RemotePreview {
  readonly colour: string;
  readonly preview: StrokePreview;
}

/** Places that somebody has pointed at with the tool `propose`: one for a click, many for a scribble. */
export interface Pointed {
  /** World mm. */
  readonly places: readonly Vector[];
  /** On the thing that is meant, or beside it. */
  readonly on: boolean;
}

/** The pointer over the image: what presence needs. */
export interface CursorInView {
  readonly world: Vector;
  readonly plane: Plane;
  readonly radius: number;
  readonly painting: boolean;
}

export interface ViewerSettings {
  readonly convention: Convention;
  readonly crosshairVisible: boolean;
  /** Smooth the grey image between voxels; labels never are. */
  readonly interpolate: boolean;
  /** CSS pixels; 0 draws no outlines. */
  readonly outlineWidth: number;
  /** A pen's pressure sizes the brush; the radius that is set is that of the highest pressure. */
  readonly pressureSize: boolean;
}

export const DEFAULT_VIEWER_SETTINGS: ViewerSettings = {
  convention: 'radiological',
  crosshairVisible: true,
  interpolate: true,
  outlineWidth: 1,
  pressureSize: false
};

/** What is restored when a case is opened again. JSON. */
export interface ViewerState {
  readonly layout: Layout;
  readonly window?: { readonly width: number; readonly level: number };
  readonly crosshair?: readonly [number, number, number];
  readonly panes: { readonly [plane in Plane]?: { readonly zoom: number; readonly pan: readonly [number, number] } };
  readonly turn: { readonly azimuth: number; readonly elevation: number; readonly zoom: number };
  readonly brush: { readonly shape: 'disc' | 'sphere'; readonly radiusMm: number };
}

/** What the viewer is doing about its volume. */
export type ViewerPhase =
  | { readonly phase: 'empty' }
  | { readonly phase: 'loading'; readonly fraction: number }
  | { readonly phase: 'ready' }
  | { readonly phase: 'failed'; readonly error: Error };
