import * as decoding from 'lib0/decoding';
import * as encoding from 'lib0/encoding';
import Type, { type Static } from 'typebox';

/**
 * First varuint of each WebSocket frame. 0, 1 and 3 are those of y-protocols; the others are ours and
 * are ignored by a plain y-websocket client.
 */
export const MessageType = {
  sync: 0,
  awareness: 1,
  auth: 2,
  queryAwareness: 3,
  /** Server to client: how many of the update messages of this connection are durable. */
  acknowledgement: 100,
  /** Both ways: a stroke while the pointer is still down. Never stored. */
  preview: 101,
  /** Server to client, first frame: epoch, rights, verified identity. */
  welcome: 102
} as const;

/** The document model and messages that this code speaks. */
export const PROTOCOL_VERSION = 1;

/** Longest frame that either side accepts, in bytes. */
export const MAX_FRAME_BYTES = 1024 * 1024;

export const Welcome = Type.Object(
  {
    protocolVersion: Type.Integer({ minimum: 1 }),
    /** Permanent, random: the identity of this room's history. */
    epoch: Type.String({ minLength: 16, maxLength: 64 }),
    mayWrite: Type.Boolean(),
    username: Type.String({ minLength: 1 }),
    displayName: Type.String({ minLength: 1 }),
    colour: Type.String()
  },
  { title: 'Welcome' }
);
export type Welcome = Static<typeof Welcome>;

/** New part of a stroke that somebody is painting, in world millimetres (RAS+). */
export const StrokePreview = Type.Object(
  {
    /** Yjs client id of the painter; the server refuses another's. */
    client: Type.Integer({ minimum: 0 }),
    /** Distinguishes the strokes of one painter. */
    stroke: Type.Integer({ minimum: 0 }),
    segment: Type.Integer({ minimum: 0, maximum: 255 }),
    shape: Type.Union([Type.Literal('disc'), Type.Literal('sphere')]),
    /** Unit normal of the plane of a disc. */
    normal: Type.Tuple([Type.Number(), Type.Number(), Type.Number()]),
    radius: Type.Number({ exclusiveMinimum: 0, maximum: 1000, description: 'mm' }),
    /** Flat x, y, z triplets since the last preview of this stroke. */
    points: Type.Array(Type.Number(), { maxItems: 3 * 256 }),
    /** The pointer is up: the stored stroke follows or has arrived. */
    done: Type.Boolean()
  },
  { title: 'StrokePreview', additionalProperties: false }
);
export type StrokePreview = Static<typeof StrokePreview>;

/** A preview as the server relays it: with the verified name of its painter. */
export const RelayedPreview = Type.Object({ username: Type.String(), preview: StrokePreview });
export type RelayedPreview = Static<typeof RelayedPreview>;

/** `durable` counts the sync messages of kind step 2 and update that this connection has sent so far. */
export function encodeAcknowledgement(durable: number): Uint8Array {
  const encoder = encoding.createEncoder();
  encoding.writeVarUint(encoder, MessageType.acknowledgement);
  encoding.writeVarUint(encoder, durable);
  return encoding.toUint8Array(encoder);
}

/** Reads the body of an acknowledgement; its type has been read. */
export function readAcknowledgement(decoder: decoding.Decoder): number {
  return decoding.readVarUint(decoder);
}

/** A frame that carries JSON: a welcome or a preview. */
export function encodeJsonMessage(type: number, body: unknown): Uint8Array {
  const encoder = encoding.createEncoder();
  encoding.writeVarUint(encoder, type);
  encoding.writeVarString(encoder, JSON.stringify(body));
  return encoding.toUint8Array(encoder);
}

/** Reads the body of a JSON message; its type has been read. Throws on malformed text. */
export function readJsonMessage(decoder: decoding.Decoder): unknown {
  return JSON.parse(decoding.readVarString(decoder));
}
