import type { Vector } from '@voxcord/schemas/geometry';
import type { Dims, Snapshot } from '@voxcord/schemas/labelmap';
import type { LiveSubject } from '@voxcord/schemas/rooms';
import type { SegmentRule } from '../../consensus/index.js';
import type { PackedRecords } from '../../labelmap/packedRecords.js';

/** How the reads are agreed on. */
export type LiveRules =
  | { readonly kind: 'protocol'; readonly rules: readonly SegmentRule[] }
  /** More than half of the readers, per segment; segments that are painted later join in. */
  | { readonly kind: 'majority'; readonly segments: readonly number[] };

/** A read as it is when a live consensus begins. */
export interface LiveRead {
  readonly id: string;
  readonly weight: number;
  /** Segments that its reader has not looked for: no votes, rather than votes for background. */
  readonly notRead: readonly number[];
  readonly base: Snapshot | null;
  readonly head: Snapshot | null;
  readonly records: PackedRecords;
}

/** What a live consensus begins with. */
export interface LiveTask {
  readonly dims: Dims;
  readonly spacing: Vector;
  readonly reads: readonly LiveRead[];
  readonly rules: LiveRules;
  /** Told to everybody who watches. */
  readonly subject: LiveSubject;
}

/** What a live consensus is told and asked. `read` is an index into the reads of its task. */
export type LiveRequest =
  | { readonly kind: 'insert'; readonly read: number; readonly records: PackedRecords }
  | { readonly kind: 'rebase'; readonly read: number; readonly base: Snapshot }
  /** The whole state, for somebody who has just come. */
  | { readonly kind: 'whole'; readonly number: number };

/** Frames are ready to be sent. */
export type LiveReply =
  | { readonly kind: 'changed'; readonly frames: readonly Uint8Array[] }
  | { readonly kind: 'whole'; readonly number: number; readonly frames: readonly Uint8Array[] };
