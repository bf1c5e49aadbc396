import { MessageType, encodeJsonMessage } from '@voxcord/schemas/rooms';
import type { Welcome } from '@voxcord/schemas/rooms';
import * as decoding from 'lib0/decoding';
import * as encoding from 'lib0/encoding';

/** What a client can say. `body` is a view of the frame. */
export type ClientFrame =
  | { readonly kind: 'step1'; readonly body: Uint8Array }
  /** `isAnswer`: to the server's own step 1. */
  | { readonly kind: 'update'; readonly body: Uint8Array; readonly isAnswer: boolean }
  | { readonly kind: 'awareness'; readonly body: Uint8Array }
  | { readonly kind: 'queryAwareness' }
  | { readonly kind: 'preview'; readonly text: string };

/** A frame that cannot be read. */
export class FrameError extends Error {
  override readonly name = 'FrameError';
}

const STEP1 = 0;
const STEP2 = 1;
const UPDATE = 2;

export function decodeFrame(frame: Uint8Array): ClientFrame {
  const decoder = decoding.createDecoder(frame);
  try {
    const type = decoding.readVarUint(decoder);
    switch (type) {
      case MessageType.sync: {
        const step = decoding.readVarUint(decoder);
        if (step > UPDATE) throw new FrameError('This sync message is of no known kind.');
        const body = readBytes(decoder);
        return step === STEP1 ? { kind: 'step1', body } : { kind: 'update', body, isAnswer: step === STEP2 };
      }
      case MessageType.awareness:
        return { kind: 'awareness', body: readBytes(decoder) };
      case MessageType.queryAwareness:
        return { kind: 'queryAwareness' };
      case MessageType.preview:
        return { kind: 'preview', text: new TextDecoder('utf-8', { fatal: true }).decode(readBytes(decoder)) };
      default:
        throw new FrameError('This message is of no known type.');
    }
  } catch (cause) {
    if (cause instanceof FrameError) throw cause;
    throw new FrameError('The message is cut off or malformed.', { cause });
  }
}

/** lib0 hands out a view without asking whether so many bytes are there. */
function readBytes(decoder: decoding.Decoder): Uint8Array {
  const length = decoding.readVarUint(decoder);
  if (length > decoder.arr.length - decoder.pos) throw new FrameError('The message is cut off.');
  return decoding.readUint8Array(decoder, length);
}

/** The server asks for what it does not have. */
export function step1Frame(stateVector: Uint8Array): Uint8Array {
  return syncFrame(STEP1, stateVector);
}

/** The last part of the answer to a client's step 1. */
export function step2Frame(update: Uint8Array): Uint8Array {
  return syncFrame(STEP2, update);
}

export function updateFrame(update: Uint8Array): Uint8Array {
  return syncFrame(UPDATE, update);
}

export function welcomeFrame(welcome: Welcome): Uint8Array {
  return encodeJsonMessage(MessageType.welcome, welcome);
}

/** `entries` are encoded presence entries; none of them makes a message that changes nothing. */
export function awarenessFrame(entries: readonly Uint8Array[]): Uint8Array {
  const body = encoding.createEncoder();
  encoding.writeVarUint(body, entries.length);
  for (const entry of entries) encoding.writeUint8Array(body, entry);
  const encoder = encoding.createEncoder();
  encoding.writeVarUint(encoder, MessageType.awareness);
  encoding.writeVarUint8Array(encoder, encoding.toUint8Array(body));
  return encoding.toUint8Array(encoder);
}

function syncFrame(step: number, body: Uint8Array): Uint8Array {
  const encoder = encoding.createEncoder();
  encoding.writeVarUint(encoder, MessageType.sync);
  encoding.writeVarUint(encoder, step);
  encoding.writeVarUint8Array(encoder, body);
  return encoding.toUint8Array(encoder);
}
