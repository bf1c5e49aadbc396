import { IDENTITY_HEADER } from '@voxcord/schemas/api';
import { voxelCount } from '@voxcord/schemas/labelmap';
import {
  decodeLiveBox,
  encodeResync,
  LiveStateReader,
  type LiveFigures,
  type LiveSubject,
  type SentState
} from '@voxcord/schemas/rooms';
import { WebSocket } from 'ws';
import type { Caller } from '../../http/testService.js';
import { eventually } from '../../rooms/support/eventually.js';

/** A state as it was after a message. */
export interface Seen {
  readonly version: number;
  readonly isWhole: boolean;
  readonly records: readonly number[];
  readonly labels: Uint8Array;
  readonly disagreement: Uint8Array;
  readonly figures: readonly LiveFigures[];
}

/** Somebody who watches a live consensus, by the protocol alone. Keeps every state. */
export class LiveClient {
  readonly seen: Seen[] = [];
  subject: LiveSubject | null = null;
  closed: { readonly code: number; readonly reason: string } | null = null;
  bytes = 0;
  readonly #reader = new LiveStateReader();

  private constructor(readonly socket: WebSocket) {
    socket.on('message', (data: Buffer) => {
      this.bytes += data.length;
      const sent = this.#reader.receive(new Uint8Array(data));
      if (sent !== null) this.#apply(sent);
    });
    socket.on('close', (code, reason) => (this.closed = { code, reason: reason.toString() }));
    socket.on('error', () => undefined);
  }

  /** Resolves with the first state, or once it is refused. */
  static async watch(caller: Caller, caseId: string): Promise<LiveClient> {
    const socket = new WebSocket(`${caller.address.replace('http', 'ws')}/rooms/live:${caseId}`, {
      headers: { [IDENTITY_HEADER]: await caller.token() }
    });
    const client = new LiveClient(socket);
    await eventually(() => client.seen.length > 0 || client.closed !== null).toBe(true);
    return client;
  }

  get newest(): Seen {
    const seen = this.seen.at(-1);
    if (seen === undefined) throw new Error(`nothing to see: ${JSON.stringify(this.closed)}`);
    return seen;
  }

  /** Once so many records of each read are in it. */
  async until(records: readonly number[]): Promise<Seen> {
    await eventually(() => this.seen.at(-1)?.records ?? []).toEqual(records);
    return this.newest;
  }

  async whenClosed(): Promise<{ readonly code: number; readonly reason: string } | null> {
    await eventually(() => this.closed !== null).toBe(true);
    return this.closed;
  }

  resync(): void {
    this.socket.send(encodeResync());
  }

  async leave(): Promise<void> {
    this.socket.close();
    await this.whenClosed();
  }

  #apply({ state, boxes }: SentState): void {
    const before = this.seen.at(-1);
    this.subject = state.subject ?? this.subject;
    const dims = this.subject?.dims;
    if (dims === undefined) throw new Error('The first state must be whole.');
    if (state.follows !== null && state.follows !== before?.version) throw new Error('A version is missing.');
    const isWhole = state.follows === null;
    const labels = isWhole || before === undefined ? new Uint8Array(voxelCount(dims)) : before.labels.slice();
    const disagreement = isWhole || before === undefined ? labels.slice() : before.disagreement.slice();
    for (const bytes of boxes) {
      const part = decodeLiveBox(bytes, dims);
      let at = 0;
      for (let k = part.box.min[2]; k <= part.box.max[2]; k++) {
        for (let j = part.box.min[1]; j <= part.box.max[1]; j++) {
          for (let i = part.box.min[0]; i <= part.box.max[0]; i++, at++) {
            const voxel = i + dims[0] * (j + dims[1] * k);
            labels[voxel] = part.labels[at] ?? 0;
            disagreement[voxel] = part.disagreement[at] ?? 0;
          }
        }
      }
    }
    const figures = new Map((isWhole ? [] : (before?.figures ?? [])).map(each => [each.number, each]));
    for (const each of state.segments) figures.set(each.number, each);
    this.seen.push({
      version: state.version,
      isWhole,
      records: state.records,
      labels,
      disagreement,
      figures: [...figures.values()].sort((a, b) => a.number - b.number)
    });
  }
}
