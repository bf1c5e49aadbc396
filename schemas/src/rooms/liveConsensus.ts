import * as decoding from 'lib0/decoding';
import * as encoding from 'lib0/encoding';
import Type, { type Static } from 'typebox';
import { Compile } from 'typebox/compile';
import { Person } from '../api/people.js';
import { Segment } from '../api/segments.js';
import { Id, Sha256 } from '../api/values.js';

/*
 * The live consensus of a case: a WebSocket at `rooms/live:<case>` that only looks. The server sends states, the first of
 * them whole, each later one with what changed since the one before; the client may ask for a whole one again.
 */

/** First varuint of each frame. */
export const LiveMessage = {
  /** Server to client: a state, or the next part of one. */
  state: 110,
  /** Client to server: what came does not follow what I have; send a whole state. */
  resync: 111
} as const;

const Count = Type.Integer({ minimum: 0 });
const Share = Type.Union([Type.Number({ minimum: 0, maximum: 1 }), Type.Null()], { description: 'Null: not defined' });

/** What a live consensus is made of. */
export const LiveSubject = Type.Object(
  {
    dims: Type.Tuple([Type.Integer({ minimum: 1 }), Type.Integer({ minimum: 1 }), Type.Integer({ minimum: 1 })]),
    volume: Sha256,
    rules: Type.Union([Type.Literal('protocol'), Type.Literal('majority')], {
      description: 'The rules of the protocol in force, or a majority vote per segment where there is none'
    }),
    readers: Type.Array(
      Type.Object({ read: Id, title: Type.String(), reader: Person }, { additionalProperties: false }),
      { minItems: 2, maxItems: 16 }
    ),
    segments: Type.Array(
      Type.Object(
        { number: Segment.properties.number, name: Segment.properties.name, colour: Segment.properties.colour },
        { additionalProperties: false }
      )
    )
  },
  { title: 'LiveSubject', additionalProperties: false }
);
export type LiveSubject = Static<typeof LiveSubject>;

export const LiveFigures = Type.Object(
  {
    number: Segment.properties.number,
    voxels: Count,
    volumeMl: Type.Number({ minimum: 0 }),
    iterations: Type.Union([Count, Type.Null()]),
    /** In the order of the subject's readers. */
    readers: Type.Array(Type.Object({ sensitivity: Share, specificity: Share }, { additionalProperties: false }))
  },
  { title: 'LiveFigures', additionalProperties: false }
);
export type LiveFigures = Static<typeof LiveFigures>;

/** One state of a live consensus. Its voxels follow as boxes. */
export const LiveState = Type.Object(
  {
    /** Grows by one with each state of a session; says nothing across two connections. */
    version: Type.Integer({ minimum: 1 }),
    /** The version that it changes; null: it is whole, and what its boxes leave out is 0. */
    follows: Type.Union([Type.Integer({ minimum: 1 }), Type.Null()]),
    /** In whole states only. */
    subject: Type.Optional(LiveSubject),
    /** How many records of each read are in it, in the order of the subject's readers. */
    records: Type.Array(Count),
    /** All segments of a whole state; else those whose figures changed. */
    segments: Type.Array(LiveFigures)
  },
  { title: 'LiveState', additionalProperties: false }
);
export type LiveState = Static<typeof LiveState>;

/** A state as it is sent: its boxes are still encoded (`decodeLiveBox`). */
export interface SentState {
  readonly state: LiveState;
  readonly boxes: readonly Uint8Array[];
}

const isLiveState = Compile(LiveState);
/** Boxes of one frame, bytes: with its longest box a frame stays below `MAX_FRAME_BYTES`. */
const FULL = 512 * 1024;
const PATTERN = /^live:([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})$/;

export function formatLiveName(caseId: string): string {
  return `live:${caseId}`;
}

/** The case whose live consensus `text` names, or null if it names none. */
export function parseLiveName(text: string): string | null {
  return PATTERN.exec(text)?.[1] ?? null;
}

/** The frames of a state, each below the limit of a frame. */
export function encodeLiveState({ state, boxes }: SentState): Uint8Array[] {
  const groups: Uint8Array[][] = [[]];
  let bytes = 0;
  for (const box of boxes) {
    if (bytes > 0 && bytes + box.length > FULL) {
      groups.push([]);
      bytes = 0;
    }
    groups.at(-1)?.push(box);
    bytes += box.length;
  }
  return groups.map((group, index) => {
    const encoder = encoding.createEncoder();
    encoding.writeVarUint(encoder, LiveMessage.state);
    encoding.writeVarUint(encoder, groups.length - 1 - index);
    encoding.writeVarString(encoder, index === 0 ? JSON.stringify(state) : '');
    encoding.writeVarUint(encoder, group.length);
    for (const box of group) encoding.writeVarUint8Array(encoder, box);
    return encoding.toUint8Array(encoder);
  });
}

/** What the server sent is no state of a live consensus. */
export class LiveStateError extends Error {
  override readonly name = 'LiveStateError';
}

/** Puts the frames of one connection together. */
export class LiveStateReader {
  private begun: { readonly state: LiveState; readonly boxes: Uint8Array[] } | null = null;
  private left = 0;

  /** The state that this frame completes, or null: more of it follows. Throws `LiveStateError`. */
  receive(frame: Uint8Array): SentState | null {
    try {
      return this.read(frame);
    } catch (cause) {
      throw new LiveStateError('A state of the live consensus cannot be read. Connect again.', { cause });
    }
  }

  private read(frame: Uint8Array): SentState | null {
    const decoder = decoding.createDecoder(frame);
    if (decoding.readVarUint(decoder) !== LiveMessage.state) throw new Error('This is no state.');
    const left = decoding.readVarUint(decoder);
    const text = decoding.readVarString(decoder);
    if (this.begun === null) {
      const state: unknown = JSON.parse(text);
      if (!isLiveState.Check(state)) throw new Error('The state lacks something.');
      this.begun = { state, boxes: [] };
    } else if (text !== '' || left !== this.left - 1) {
      throw new Error('A part of the state is missing.');
    }
    this.left = left;
    for (let count = decoding.readVarUint(decoder); count > 0; count--) {
      this.begun.boxes.push(decoding.readVarUint8Array(decoder).slice());
    }
    if (left > 0) return null;
    const complete = this.begun;
    this.begun = null;
    return complete;
  }
}

/** The one message that a client sends. */
export function encodeResync(): Uint8Array {
  const encoder = encoding.createEncoder();
  encoding.writeVarUint(encoder, LiveMessage.resync);
  return encoding.toUint8Array(encoder);
}

export function isResync(frame: Uint8Array): boolean {
  return frame.length === 1 && frame[0] === LiveMessage.resync;
}
