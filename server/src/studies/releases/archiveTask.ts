import type { Verdict } from '../../truth/index.js';
import type { StoredFile } from './releaseRecords.js';

export interface Archive {
  readonly sha256: string;
  readonly bytes: number;
}

/** What is done with all bytes of a release: blobs are fetched one at a time. */
export type ArchiveTask =
  | {
      readonly kind: 'verify';
      readonly archive: Archive;
    }
  | {
      readonly kind: 'pack';
      readonly files: readonly StoredFile[];
      /** Of the folder in the archive. */
      readonly name: string;
      /** Where the archive is written. */
      readonly target: string;
    };

export type ArchiveMessage =
  | { readonly kind: 'read'; readonly number: number; readonly sha256: string; readonly range: Range | null }
  | { readonly kind: 'verified'; readonly verdict: Verdict }
  | { readonly kind: 'packed' };

/** Bytes `start` to `end` (exclusive). */
export interface Range {
  readonly start: number;
  readonly end: number;
}

/** The answer to a question with that number; null if there are no such bytes. */
export interface ArchiveReply {
  readonly number: number;
  readonly bytes: Uint8Array | null;
}
