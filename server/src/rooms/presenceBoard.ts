import type { Person } from '@voxcord/schemas/api';
import { CloseCode } from '@voxcord/schemas/rooms';
import * as decoding from 'lib0/decoding';
import * as encoding from 'lib0/encoding';
import { awarenessFrame, FrameError } from './frames.js';

/** Whoever shows presence in a room. */
export interface Present {
  readonly person: Person;
  /** Sends to this person; later if the connection is behind. */
  sendPresence(frame: Uint8Array): void;
}

/** Presence that breaks the rules. */
export class PresenceError extends Error {
  override readonly name = 'PresenceError';
  constructor(
    readonly code: CloseCode,
    message: string
  ) {
    super(message);
  }
}

interface Shown<Member> {
  readonly owner: Member;
  readonly entry: Uint8Array;
}

/** Most states in one message: a plain client repeats what it hears about the others. */
const MOST_STATES = 1024;

/**
 * Who is in a room and what they show: the awareness protocol of Yjs, with the server's rules. Each connection shows
 * one state, under one client id, with the verified identity; nothing is stored.
 */
export class PresenceBoard<Member extends Present> {
  readonly #shown = new Map<number, Shown<Member>>();
  readonly #clientOf = new Map<Member, number>();
  /** Who used a client id first: a state of somebody who left, repeated by another, must not bring it back. */
  readonly #usedBy = new Map<number, string>();
  readonly #changed = new Map<number, Uint8Array>();
  #timer: NodeJS.Timeout | null = null;
  #lastClock = 0;

  constructor(
    private readonly delay: number,
    private readonly maxBytes: number,
    private readonly members: Iterable<Member>,
    /** Whose records carry a client id; undefined if none do. */
    private readonly ownerOf: (client: number) => string | undefined
  ) {}

  /** The client id under which this member shows presence. */
  clientOf(member: Member): number | undefined {
    return this.#clientOf.get(member);
  }

  /** Who has shown presence under a client id first. */
  userOf(client: number): string | undefined {
    return this.#usedBy.get(client);
  }

  /** Throws `FrameError` and `PresenceError`. Ids of others are passed over: plain clients repeat what they hear. */
  receive(member: Member, message: Uint8Array): void {
    for (const { client, text } of readStates(message)) {
      if (!this.#isOwn(member, client)) continue;
      if (text.length > this.maxBytes) throw new PresenceError(CloseCode.badMessage, 'Presence is too large.');
      const state = parseState(text);
      if (state === null) this.#hide(member);
      else this.#show(member, client, state);
    }
  }

  remove(member: Member): void {
    this.#hide(member);
    this.#clientOf.delete(member);
  }

  /** Everybody's state but the member's own. */
  frameFor(member: Member): Uint8Array {
    const own = this.#clientOf.get(member);
    return awarenessFrame([...this.#shown].filter(([client]) => client !== own).map(([, { entry }]) => entry));
  }

  dispose(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
  }

  #isOwn(member: Member, client: number): boolean {
    const bound = this.#clientOf.get(member);
    if (bound !== undefined) return bound === client;
    const user = this.ownerOf(client) ?? this.#usedBy.get(client);
    return user === undefined || user === member.person.username;
  }

  #show(member: Member, client: number, state: object): void {
    const previous = this.#shown.get(client);
    // The same tab on a new connection: the old one may not have noticed yet that it is dead.
    if (previous !== undefined && previous.owner !== member) this.#clientOf.delete(previous.owner);
    this.#clientOf.set(member, client);
    this.#usedBy.set(client, member.person.username);
    const { username, displayName, initials, colour } = member.person;
    const text = JSON.stringify({ ...state, user: { username, displayName, initials, colour } });
    const entry = this.#entry(client, text);
    this.#shown.set(client, { owner: member, entry });
    this.#announce(client, entry);
  }

  #hide(member: Member): void {
    const client = this.#clientOf.get(member);
    if (client === undefined || this.#shown.get(client)?.owner !== member) return;
    this.#shown.delete(client);
    this.#announce(client, this.#entry(client, 'null'));
  }

  /**
   * The clock is the server's own, so that no client can outrun the true state; it is taken from the time of day, so
   * that it goes on rising after a restart.
   */
  #entry(client: number, state: string): Uint8Array {
    this.#lastClock = Math.max(this.#lastClock + 1, Date.now());
    const encoder = encoding.createEncoder();
    encoding.writeVarUint(encoder, client);
    encoding.writeVarUint(encoder, this.#lastClock);
    encoding.writeVarString(encoder, state);
    return encoding.toUint8Array(encoder);
  }

  #announce(client: number, entry: Uint8Array): void {
    this.#changed.set(client, entry);
    this.#timer ??= setTimeout(() => this.#send(), this.delay);
  }

  #send(): void {
    this.#timer = null;
    const frame = awarenessFrame([...this.#changed.values()]);
    for (const member of this.members) {
      const own = this.#clientOf.get(member);
      if (own === undefined || !this.#changed.has(own)) {
        member.sendPresence(frame);
      } else if (this.#changed.size > 1) {
        const others = [...this.#changed].filter(([client]) => client !== own).map(([, entry]) => entry);
        member.sendPresence(awarenessFrame(others));
      }
    }
    this.#changed.clear();
  }
}

function* readStates(message: Uint8Array): Generator<{ client: number; text: string }> {
  const decoder = decoding.createDecoder(message);
  try {
    const count = decoding.readVarUint(decoder);
    if (count > MOST_STATES) throw new FrameError('The message has too many states.');
    for (let index = 0; index < count; index++) {
      const client = decoding.readVarUint(decoder);
      decoding.readVarUint(decoder);
      yield { client, text: decoding.readVarString(decoder) };
    }
  } catch (cause) {
    if (cause instanceof FrameError || cause instanceof PresenceError) throw cause;
    throw new FrameError('The presence message is malformed.', { cause });
  }
}

function parseState(text: string): object | null {
  let state: unknown;
  try {
    state = JSON.parse(text);
  } catch (cause) {
    throw new FrameError('Presence must be JSON.', { cause });
  }
  if (typeof state !== 'object' || Array.isArray(state)) {
    throw new PresenceError(CloseCode.badMessage, 'Presence must be an object.');
  }
  return state;
}
