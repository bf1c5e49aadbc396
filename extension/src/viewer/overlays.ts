import type { Dims } from '@voxcord/schemas/labelmap';
import type { Plane, Vector } from './contracts.js';

/** Values of one slice, one byte each: `across` fastest, then `up`, as `PLANE_AXES` says. */
export interface SliceValues {
  readonly width: number;
  readonly height: number;
  readonly values: Uint8Array;
}

/** One byte per voxel of a grid, to be looked at slice by slice. */
export interface SliceSource {
  readonly dims: Dims;
  /** Null: nothing but zeros. */
  slice(plane: Plane, index: number): SliceValues | null;
}

/** Something that is drawn over the slices and never painted in. Later ones lie above earlier ones. */
export type Overlay = ValueOverlay | OutlineOverlay;

/** What lies above all other overlays: what the person at the page is about to do. */
export type RaisedOverlay = Overlay | MarksOverlay;

/** Values as translucent colours: how far readers disagree, how probable a segment is. */
export interface ValueOverlay {
  readonly kind: 'values';
  readonly id: string;
  readonly voxels: SliceSource;
  /** 256 colours, RGBA. */
  readonly colours: Uint8ClampedArray;
  /** Between voxels; not for what has no values between. */
  readonly smooth: boolean;
}

/** The borders of every segment of one label map, told apart by colour, by pattern and by letter. */
export interface OutlineOverlay {
  readonly kind: 'outline';
  readonly id: string;
  readonly voxels: SliceSource;
  /** `#rrggbb` */
  readonly colour: string;
  /** Lengths of dashes and gaps in CSS pixels; empty: one line without a gap. */
  readonly pattern: readonly number[];
  /** Written at the line; empty: nothing is. */
  readonly letter: string;
  /** Where on the line: letters of several readers must not lie upon each other. */
  readonly letterAt: 'top' | 'right' | 'bottom' | 'left';
  readonly width: number;
}

/** Places that somebody has pointed at, on the slices that they lie on. */
export interface MarksOverlay {
  readonly kind: 'marks';
  readonly id: string;
  readonly voxels: { readonly dims: Dims };
  /** Indices of the grid, not rounded, and whether what is meant is there or beside. */
  readonly marks: readonly { readonly at: Vector; readonly on: boolean }[];
  /** Around the last mark a sign that something is awaited turns: how far it is, 0 to 1. Null: nothing is awaited. */
  readonly waiting: number | null;
}

/** What the colours of the overlays mean, written on the picture. */
export type OverlayLegend =
  | {
      readonly kind: 'range';
      readonly label: string;
      readonly low: string;
      readonly high: string;
      readonly colours: Uint8ClampedArray;
    }
  | { readonly kind: 'keys'; readonly keys: readonly { readonly label: string; readonly colour: string }[] };
