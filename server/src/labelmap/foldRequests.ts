import type { Frontier, LabelMapFingerprint } from '@voxcord/schemas/api';
import type { LabelMapContent } from '@voxcord/schemas/files';
import type { Dims, Snapshot } from '@voxcord/schemas/labelmap';
import type { PackedRecords } from './packedRecords.js';

/** An encoded brick; `content` is left out if the asker has it already. */
export interface NamedBrick {
  readonly index: number;
  readonly sha256: string;
  readonly bytes: number;
  readonly content: Uint8Array | null;
}

export interface NamedSnapshot {
  readonly frontier: Frontier;
  readonly lamport: number;
  /** Ascending by index. */
  readonly bricks: readonly NamedBrick[];
}

export interface FoldedLabels {
  /** One byte per voxel, i fastest: segment number, 0 background. */
  readonly bitmap: Uint8Array;
  readonly frontier: Frontier;
}

export interface BaseLimits {
  /** So many of the newest records stay out of the base. */
  readonly keepRecords: number;
  /** All records with this lamport clock or a higher one stay out of it. */
  readonly below: number;
  /** There is no new base if fewer records would go into it. */
  readonly atLeast: number;
}

/** What a fold's thread can be asked, and what it answers. `fold` numbers the label maps that it holds. */
export interface FoldRequests {
  open: {
    ask: { fold: number; dims: Dims; base: Snapshot | null; head: Snapshot | null; records: PackedRecords };
    answer: null;
  };
  insert: { ask: { fold: number; records: PackedRecords }; answer: null };
  snapshot: { ask: { fold: number; known: ReadonlySet<string> }; answer: NamedSnapshot };
  fingerprint: { ask: { fold: number }; answer: LabelMapFingerprint };
  labels: { ask: { fold: number }; answer: FoldedLabels };
  content: { ask: { fold: number }; answer: LabelMapContent };
  makeBase: { ask: { fold: number; limits: BaseLimits }; answer: NamedSnapshot | null };
  rebase: { ask: { fold: number; base: Snapshot }; answer: null };
  close: { ask: { fold: number }; answer: null };
  /** Segments that a snapshot holds. */
  segmentsIn: { ask: { dims: Dims; snapshot: Snapshot }; answer: ReadonlySet<number> };
  /** Whether `state` alone gives the document that `snapshot` (state vector and deletions) was taken of. */
  verifyState: { ask: { state: Uint8Array; snapshot: Uint8Array }; answer: boolean };
}

export type FoldRequestName = keyof FoldRequests;

export type FoldRequest = {
  [Name in FoldRequestName]: { readonly number: number; readonly name: Name; readonly ask: FoldRequests[Name]['ask'] };
}[FoldRequestName];

export type FoldAnswer = FoldRequests[FoldRequestName]['answer'];

export type FoldReply =
  | { readonly number: number; readonly answer: FoldAnswer }
  | { readonly number: number; readonly failure: string; readonly isClosed: boolean };
