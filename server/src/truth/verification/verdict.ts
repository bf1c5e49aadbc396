import type { Signature } from '../signatures.js';

/** What a check of a release found. */
export type Verdict = ValidRelease | BrokenRelease;

export interface ValidRelease {
  readonly valid: true;
  readonly release: {
    readonly project: { readonly id: string; readonly title: string };
    readonly version: string;
    /** SHA-256 of `release.json`. */
    readonly sha256: string;
  };
  readonly files: number;
  readonly cases: number;
  readonly labelMaps: number;
  readonly signatures: readonly Signature[];
  readonly audit: { readonly first: number; readonly last: number; readonly head: string };
  /** Fingerprint of the key that sealed the release: compare it with what the releasing site publishes. */
  readonly serviceKey: string;
  /** Whether the key was compared: it is one of those that the caller trusts. */
  readonly serviceKeyTrusted: boolean;
  /** What is no damage, but should be known: a clock that was set back, a protocol changed after reads had begun. */
  readonly warnings: readonly string[];
}

export interface BrokenRelease {
  readonly valid: false;
  readonly broken: {
    /** A path in the folder; with #, a part of that file: an audit entry, a signature, a record of release.json. */
    readonly record: string;
    readonly reason: string;
  };
}

/** Ends a check at the first broken record. */
export class BrokenRecord extends Error {
  override readonly name = 'BrokenRecord';
  constructor(
    readonly record: string,
    readonly reason: string
  ) {
    super(`${record}: ${reason}`);
  }
}
