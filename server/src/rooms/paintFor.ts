import { randomInt } from 'node:crypto';
import type { Person } from '@voxcord/schemas/api';
import type { CloseCode, StrokeOrigin } from '@voxcord/schemas/rooms';
import { originsOf } from '@voxcord/schemas/rooms';
import { Acknowledgements } from './acknowledgements.js';
import type { RoomMember } from './member.js';
import type { Room } from './room.js';
import { RoomError } from './roomError.js';
import { Turns } from './turns.js';
import { encodeRecords } from './updateWriter.js';
import type { WorkShare } from './workShare.js';

const CLIENTS = 2 ** 32;

/** Strokes that the service paints for somebody who has asked for them. */
export interface AskedStrokes {
  readonly person: Person;
  /** Encoded, in the order of their clocks. */
  readonly records: readonly Uint8Array[];
  /** Where they come from: stands in the document before they do. */
  readonly origin: StrokeOrigin;
}

/**
 * Paints in the name of a person, who may write in the room: by the way of every stroke, as if they had painted on one more
 * connection. So it is checked, logged and shown to everybody like any other, and theirs to undo. Resolves when all of it is
 * durable; what was stored before something failed stays. Rejects with `RoomError` (`room.closed`, `room.store-failed`).
 */
export async function paintFor(room: Room, { person, records, origin }: AskedStrokes, share: WorkShare): Promise<void> {
  const client = newClient(room);
  const painter = new Painter(person, share, !room.isSealed);
  room.members.add(painter);
  try {
    await room.writeAsServer(doc => originsOf(doc).set(`${client}:0`, origin));
    for (const [clock, record] of records.entries()) {
      const taken = painter.nextTaken();
      await room.receive(painter, encodeRecords([{ client, clock, records: [record] }]));
      await taken;
    }
  } finally {
    room.leave(painter);
  }
}

function newClient({ loaded: { ledger, author } }: Room): number {
  for (;;) {
    const client = randomInt(1, CLIENTS);
    if (client !== author.client && ledger.ownerOf(client) === undefined) return client;
  }
}

/** A connection without another side: it only waits for what it has sent to be durable. */
class Painter implements RoomMember {
  readonly acknowledgements = new Acknowledgements();
  readonly turns: Turns;
  /** Nothing is sent to it. */
  readonly isSynced = false;
  #sent = 0;
  #end: { readonly at: number; readonly resolve: () => void; readonly reject: (error: RoomError) => void } | null =
    null;
  #refused: RoomError | null = null;

  constructor(
    readonly person: Person,
    share: WorkShare,
    public mayWrite: boolean
  ) {
    this.turns = new Turns(share, () => this.#refused !== null);
  }

  /** Resolves when the message that is received next is durable. */
  nextTaken(): Promise<void> {
    this.#sent += 1;
    const taken = new Promise<void>((resolve, reject) => (this.#end = { at: this.#sent, resolve, reject }));
    if (this.#refused !== null) this.#end?.reject(this.#refused);
    // Whoever sends it may be told of the refusal first.
    taken.catch(() => undefined);
    return taken;
  }

  acknowledge(): void {
    if (this.#end !== null && this.acknowledgements.durable >= this.#end.at) this.#end.resolve();
  }

  close(_code: CloseCode, reason: string): void {
    this.#refused = new RoomError('room.closed', `Nothing more could be painted in the read: ${reason}`);
    this.#end?.reject(this.#refused);
  }

  setMayWrite(mayWrite: boolean): void {
    this.mayWrite = mayWrite;
  }

  askForMissing(): void {
    this.close(4500, 'what was painted before is missing.');
  }

  send(): void {
    // It has no copy of the document.
  }

  sendPreview(): void {
    // It shows nothing.
  }

  sendPresence(): void {
    // It meets nobody.
  }
}
