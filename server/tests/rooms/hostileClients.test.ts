import {
  CloseCode,
  encodeJsonMessage,
  formatRoomName,
  MessageType,
  strokeLogName,
  type StrokePreview
} from '@voxcord/schemas/rooms';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import { eventually } from './support/eventually.js';
import { Painter } from './support/painter.js';
import { boxRegion, someRegion, strokeBytes } from './support/painting.js';
import { ANA, BEN } from './support/people.js';
import { awarenessMessage, RawClient, syncFrame } from './support/rawClient.js';
import { newRead, RoomService } from './support/roomService.js';
import { recordIdsOf, storedLog } from './support/storedRead.js';

const SEED = 20_260_104;

const PREVIEW: StrokePreview = {
  client: 1,
  stroke: 1,
  segment: 1,
  shape: 'disc',
  normal: [0, 0, 1],
  radius: 3,
  points: [0, 0, 0],
  done: false
};

describe('A hostile client', () => {
  let service: RoomService;
  let read: ReturnType<typeof newRead>;
  let ana: Painter;
  const clients: RawClient[] = [];

  beforeEach(async () => {
    service = await RoomService.start();
    read = newRead();
    ana = await Painter.join(service.url, read, ANA);
    await eventually(() => ana.isSynced).toBe(true);
    ana.paint(someRegion(1), 1);
    await eventually(() => ana.durable).toBe(2);
  });

  afterEach(async () => {
    ana.leave();
    for (const client of clients.splice(0)) client.leave();
    await service.stop();
  });

  async function connect(): Promise<RawClient> {
    const client = await RawClient.connect(service.url, read, BEN);
    clients.push(client);
    return client;
  }

  /** Ana goes on as if nothing had happened, and nothing of the attack is stored. */
  async function expectUndisturbed(): Promise<void> {
    const before = ana.durable;
    ana.paint(someRegion(before), 2);
    await eventually(() => ana.durable).toBe(before + 1);
    const log = await storedLog(service.folder, read);
    expect(recordIdsOf(log).every(id => id.startsWith(`${ana.doc.clientID}:`))).toBe(true);
    expect(ana.provider.wsconnected).toBe(true);
  }

  function append(client: number, root: string, ...records: Uint8Array[]): Uint8Array {
    const doc = new Y.Doc();
    doc.clientID = client;
    doc.getArray(root).push(records);
    return Y.encodeStateAsUpdate(doc);
  }

  const good = strokeBytes(50, 1, someRegion(3));
  const attacks: [string, () => Uint8Array | string, number][] = [
    [
      "with a reader's own client id",
      () => {
        const doc = new Y.Doc();
        Y.applyUpdate(doc, Y.encodeStateAsUpdate(ana.doc));
        doc.clientID = ana.doc.clientID;
        const before = Y.encodeStateVector(doc);
        doc.getArray(strokeLogName(doc.clientID)).push([good]);
        return syncFrame(2, Y.encodeStateAsUpdate(doc, before));
      },
      CloseCode.forged
    ],
    ["in another reader's log", () => syncFrame(2, append(5, strokeLogName(ana.doc.clientID), good)), CloseCode.forged],
    [
      'outside the grid',
      () =>
        syncFrame(
          2,
          append(5, strokeLogName(5), strokeBytes(9, 1, boxRegion([100, 100, 100], [2, 2, 2]), [200, 200, 200]))
        ),
      CloseCode.forged
    ],
    [
      'with a segment that is not there',
      () => syncFrame(2, append(5, strokeLogName(5), strokeBytes(9, 200, someRegion(1)))),
      CloseCode.forged
    ],
    [
      "that deletes another reader's strokes",
      () => {
        const doc = new Y.Doc();
        Y.applyUpdate(doc, Y.encodeStateAsUpdate(ana.doc));
        const before = Y.encodeStateVector(doc);
        doc.getArray(strokeLogName(ana.doc.clientID)).delete(0, 1);
        return syncFrame(2, Y.encodeStateAsUpdate(doc, before));
      },
      CloseCode.forged
    ],
    ['that is cut off', () => syncFrame(2, append(5, strokeLogName(5), good)).slice(0, -5), CloseCode.badMessage],
    ['that is text', () => 'hello', CloseCode.badMessage],
    ['of an unknown type', () => Uint8Array.of(77, 1, 2, 3), CloseCode.badMessage],
    ['that is empty', () => new Uint8Array(), CloseCode.badMessage],
    ['with a malformed state vector', () => syncFrame(0, Uint8Array.of(255, 255, 255)), CloseCode.badMessage],
    ['with presence that is no JSON', () => awarenessMessage([5, 1, '{']), CloseCode.badMessage],
    ['with presence that is no object', () => awarenessMessage([5, 1, '[1]']), CloseCode.badMessage],
    [
      'with presence that is too large',
      () => awarenessMessage([5, 1, JSON.stringify({ strokes: 'x'.repeat(5000) })]),
      CloseCode.badMessage
    ],
    [
      'with a preview that lacks something',
      () => encodeJsonMessage(MessageType.preview, { client: 5 }),
      CloseCode.badMessage
    ],
    [
      "with a preview under somebody else's client id",
      () => encodeJsonMessage(MessageType.preview, { ...PREVIEW, client: ana.doc.clientID }),
      CloseCode.forged
    ]
  ];
  it.each(attacks)('is closed for a message %s', async (_what, message, code) => {
    const client = await connect();
    client.send(message());
    expect((await client.whenClosed()).code).toBe(code);
    await expectUndisturbed();
    expect(ana.provider.awareness.getStates().has(5)).toBe(false);
  });

  it('is closed for flooding the room with presence', async () => {
    const client = await connect();
    for (let message = 0; message < 5000; message++) client.send(awarenessMessage([5, message, '{}']));
    expect((await client.whenClosed()).code).toBe(CloseCode.badMessage);
    await expectUndisturbed();
  });

  it('harms nobody with frames made at random', async () => {
    const template = syncFrame(2, append(5, strokeLogName(5), good));
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(
          fc.uint8Array({ minLength: 1, maxLength: 300 }),
          fc.array(fc.tuple(fc.nat(template.length - 1), fc.nat(255)), { minLength: 1, maxLength: 4 }).map(changes => {
            const frame = template.slice();
            for (const [index, value] of changes) frame[index] = value;
            return frame;
          })
        ),
        async frame => {
          const client = await connect();
          client.send(frame);
          client.send(Uint8Array.of(77));
          expect((await client.whenClosed()).code).toBeGreaterThanOrEqual(4400);
        }
      ),
      { seed: SEED, numRuns: 150 }
    );
    const before = ana.durable;
    ana.paint(someRegion(5), 1);
    await eventually(() => ana.durable).toBe(before + 1);
    expect(service.lines.filter(({ level }) => level === 'error')).toEqual([]);
  });

  it('leaves no names in the log of the service', async () => {
    const client = await connect();
    client.send('hello');
    await client.whenClosed();
    const text = JSON.stringify(service.lines);
    for (const secret of [read.id, formatRoomName(read), ANA.username + '"', BEN.displayName])
      expect(text).not.toContain(secret);
  });
});

describe('Presence', () => {
  let service: RoomService;
  const painters: Painter[] = [];
  beforeEach(async () => {
    service = await RoomService.start();
  });
  afterEach(async () => {
    for (const painter of painters.splice(0)) painter.leave();
    await service.stop();
  });

  async function join(room: ReturnType<typeof newRead>, person: typeof ANA): Promise<Painter> {
    const painter = await Painter.join(service.url, room, person);
    painters.push(painter);
    await eventually(() => painter.isSynced).toBe(true);
    return painter;
  }

  it("cannot be given under somebody else's client id, nor taken away", async () => {
    const read = newRead();
    const ana = await join(read, ANA);
    const ben = await join(read, BEN);
    ana.provider.awareness.setLocalStateField('cursor', 'of Ana');
    const seen = (): unknown => ben.provider.awareness.getStates().get(ana.doc.clientID);
    await eventually(seen).toMatchObject({ cursor: 'of Ana' });
    const eve = await RawClient.connect(service.url, read, { username: 'eve', displayName: 'Eve' });
    eve.send(awarenessMessage([ana.doc.clientID, 2 ** 50, '{"cursor":"of Eve"}']));
    eve.send(awarenessMessage([ana.doc.clientID, 2 ** 51, 'null']));
    eve.send(awarenessMessage([66, 1, '{"cursor":"Eve herself"}']));
    await eventually(() => ben.provider.awareness.getStates().get(66)).toMatchObject({ user: { username: 'eve' } });
    expect(seen()).toMatchObject({ cursor: 'of Ana', user: { username: 'ana' } });
    eve.leave();
    await eventually(() => ben.provider.awareness.getStates().has(66)).toBe(false);
  });

  it('comes back when a connection does', async () => {
    const read = newRead();
    const ana = await join(read, ANA);
    const ben = await join(read, BEN);
    const seen = (): boolean => ben.provider.awareness.getStates().has(ana.doc.clientID);
    await eventually(seen).toBe(true);
    ana.provider.ws?.close();
    await eventually(seen).toBe(false);
    await eventually(seen).toBe(true);
  });

  it('carries previews with the verified name, and stores none', async () => {
    const read = newRead();
    const ana = await join(read, ANA);
    const ben = await join(read, BEN);
    const preview = { ...PREVIEW, client: ana.doc.clientID };
    ana.provider.ws?.send(encodeJsonMessage(MessageType.preview, preview));
    await eventually(() => ben.previews).toEqual([{ username: 'ana', preview }]);
    expect(ana.previews).toEqual([]);
    expect(await storedLog(service.folder, read)).toHaveLength(1);
  });
});
