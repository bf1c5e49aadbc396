import type * as Y from 'yjs';
import type { ModelIdentity } from '../api/models.js';
import type { Segment } from '../api/segments.js';

/*
 * Roots of a `read:<id>` document.
 *
 *   strokes/<client>  Y.Array<Uint8Array>  the record log of one painting session; only that Yjs
 *                                          client appends, nobody else writes, nothing is deleted
 *                                          but by the server's compaction. The Yjs clock of an item
 *                                          is its index in the log.
 *   sessions          Y.Map<Session>       key: Yjs client id (decimal); written by the server only
 *   segments          Y.Map<Segment>       key: segment number (decimal); written by the server only
 *   origins           Y.Map<StrokeOrigin>  key: `<client>:<clock>` of the first stroke that was copied from
 *                                          elsewhere; written by the server only
 *   about             Y.Map                written by the server only: see `About`
 */

const STROKES = 'strokes/';

/** Who paints in a session, as verified by the server. */
export interface Session {
  readonly username: string;
  readonly displayName: string;
  readonly colour: string;
  /** RFC 3339. */
  readonly since: string;
}

/** What a model has labelled was copied: these strokes are the person's own, and come from there. */
export interface StrokeOrigin {
  readonly model: ModelIdentity;
  /** The read of the model. */
  readonly read: string;
  /** Hash of its revision; null: the project has no protocol. */
  readonly revision: string | null;
  /** Numbers in that read, and in this one. */
  readonly segments: readonly { readonly from: number; readonly to: number }[];
  /** RFC 3339. */
  readonly at: string;
}

/** What the label map of a read lives on, and where its compacted history is. */
export interface About {
  readonly schemaVersion: number;
  readonly volume: string;
  readonly dims: readonly [number, number, number];
  /** Hash of the base snapshot: records in its frontier are no longer in the document. */
  readonly base?: { readonly snapshot: string; readonly horizon: number };
}

export function strokeLogName(client: number): string {
  return `${STROKES}${client}`;
}

/** The Yjs client whose record log is the root `name`, or null if `name` is another root. */
export function strokeLogClient(name: string): number | null {
  if (!name.startsWith(STROKES)) return null;
  const digits = name.slice(STROKES.length);
  if (!/^(0|[1-9][0-9]{0,15})$/.test(digits)) return null;
  return Number(digits);
}

export function strokeLog(doc: Y.Doc, client: number): Y.Array<Uint8Array> {
  return doc.getArray<Uint8Array>(strokeLogName(client));
}

export function sessionsOf(doc: Y.Doc): Y.Map<Session> {
  return doc.getMap<Session>('sessions');
}

export function segmentsOf(doc: Y.Doc): Y.Map<Segment> {
  return doc.getMap<Segment>('segments');
}

export function originsOf(doc: Y.Doc): Y.Map<StrokeOrigin> {
  return doc.getMap<StrokeOrigin>('origins');
}

export function aboutOf(doc: Y.Doc): Y.Map<About[keyof About]> {
  return doc.getMap<About[keyof About]>('about');
}

/** Segments in number order. */
export function listSegments(doc: Y.Doc): Segment[] {
  return [...segmentsOf(doc).values()].sort((a, b) => a.number - b.number);
}
