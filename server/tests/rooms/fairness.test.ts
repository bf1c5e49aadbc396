import { encodeStroke, encodeVisibility, type Dims } from '@voxcord/schemas/labelmap';
import { CloseCode, encodeJsonMessage, formatRoomName, MessageType, type RoomName } from '@voxcord/schemas/rooms';
import * as decoding from 'lib0/decoding';
import { describe, expect, it } from 'vitest';
import { applyAwarenessUpdate, Awareness } from 'y-protocols/awareness';
import * as Y from 'yjs';
import { encodeRecords } from '../../src/rooms/updateWriter.js';
import { eventually } from './support/eventually.js';
import { boxRegion, recordKeys, someRegion, strokeBytes } from './support/painting.js';
import { ANA, BEN, type TestPerson } from './support/people.js';
import type { RawClient } from './support/rawClient.js';
import { awarenessMessage, maskedFrame, openRawSocket, syncFrame } from './support/rawClient.js';
import { INITIAL, newRead, type RoomService } from './support/roomService.js';
import { useStage } from './support/stage.js';
import { recordIdsOf, storedLog } from './support/storedRead.js';

const EVE: TestPerson = { username: 'eve', displayName: 'Eve' };

const PREVIEW = {
  stroke: 1,
  segment: 1,
  shape: 'disc',
  normal: [0, 0, 1],
  radius: 3,
  done: false
};

const { start, joined, connect } = useStage();

/** Closings that the service has logged, by code. */
function closings(service: RoomService): unknown[] {
  return service.lines
    .filter(({ message }) => message === 'room connection closed')
    .map(({ fields }) => (fields as { code: unknown }).code);
}

describe('A client id that somebody shows is theirs', () => {
  it('before their first stroke too: nobody else can take it and shut them out', async () => {
    const service = await start();
    const read = newRead();
    const ana = await joined(service.url, read, ANA);
    const eve = await connect(service.url, read, EVE);
    await eventually(() => eve.framesOfType(MessageType.awareness).length).toBeGreaterThan(0);
    const { clientID: client } = ana.doc;
    eve.sendSync(2, encodeRecords([{ client, clock: 0, records: [strokeBytes(1, 1, someRegion(1))] }]));
    expect((await eve.whenClosed()).code).toBe(CloseCode.forged);
    ana.paint(someRegion(2), 1);
    await eventually(() => ana.durable).toBe(2);
    expect(ana.provider.wsconnected).toBe(true);
  });

  it('also when only their strokes have said so: nobody else can show presence under it', async () => {
    const service = await start();
    const read = newRead();
    const ana = await joined(service.url, read, ANA);
    ana.paint(someRegion(1), 1);
    await eventually(() => ana.durable).toBe(2);
    const { clientID: client } = ana.doc;
    ana.provider.disconnect();
    await eventually(() => service.lines.some(({ message }) => message === 'room unloaded')).toBe(true);
    const ben = await joined(service.url, read, BEN);
    const eve = await connect(service.url, read, EVE);
    eve.send(awarenessMessage([client, 1, '{"cursor":"of Eve"}'], [66, 1, '{"cursor":"of Eve"}']));
    await eventually(() => ben.provider.awareness.getStates().has(66)).toBe(true);
    expect(ben.provider.awareness.getStates().has(client)).toBe(false);
  });
});

describe('Clocks', () => {
  it('cannot be used up by one person: painting goes on', async () => {
    const service = await start({ policy: { snapshotEvery: 1_000_000 } });
    const read = newRead();
    const ana = await joined(service.url, read, ANA);
    const eve = await connect(service.url, read, EVE);
    const records = Array.from({ length: 2000 }, (_, n) =>
      strokeBytes(1 + n * 900_000, 1, boxRegion([0, 0, 0], [1, 1, 1]))
    );
    eve.sendSync(2, encodeRecords([{ client: 66, clock: 0, records }]));
    expect((await eve.whenClosed()).code).toBe(CloseCode.forged);
    ana.paint(someRegion(1), 1);
    await eventually(() => ana.durable).toBe(2);
  });
});

describe('Work', () => {
  /** Rows without end for the decoder in few bytes: two voxels in opposite corners. */
  const dims: Dims = [64, 512, 512];
  const initial = { ...INITIAL, dims };

  function expensiveRecords(count: number): Uint8Array[] {
    const region = boxRegion([0, 0, 0], dims);
    region.mask.fill(0);
    region.mask[0] = 1;
    region.mask[region.mask.length - 1] = 1;
    const one = encodeStroke({ lamport: 1, segment: 1, tool: 'brush', continues: false, region, dims });
    // The lamport clock is the fourth byte and takes three bytes from 16,384 on.
    return Array.from({ length: count }, (_, n) => {
      const lamport = 16_384 + n;
      const clock = [(lamport & 127) | 128, ((lamport >> 7) & 127) | 128, lamport >> 14];
      return Uint8Array.of(...one.subarray(0, 3), ...clock, ...one.subarray(4));
    });
  }

  it('that one message costs keeps nobody else from painting', async () => {
    const service = await start({
      authorise: () => Promise.resolve({ mayJoin: true, mayWrite: true, initial }),
      policy: { snapshotEvery: 1_000_000 }
    });
    const read = newRead();
    const ana = await joined(service.url, read, ANA);
    const eve = await connect(service.url, read, EVE);
    eve.sendSync(2, encodeRecords([{ client: 66, clock: 0, records: expensiveRecords(10_000) }]));
    for (let stroke = 1; stroke <= 10; stroke++) {
      ana.paint(someRegion(stroke), 1);
      await eventually(() => ana.durable).toBe(stroke + 1);
    }
    expect(eve.durable).toBeNull();
    expect(eve.closed).toBeNull();
  });

  it('that was put off is done in the end', async () => {
    const service = await start({
      authorise: () => Promise.resolve({ mayJoin: true, mayWrite: true, initial }),
      policy: { snapshotEvery: 1_000_000 }
    });
    const read = newRead();
    const ben = await connect(service.url, read, BEN);
    ben.sendSync(2, encodeRecords([{ client: 18, clock: 0, records: expensiveRecords(60) }]));
    ben.sendSync(2, encodeRecords([{ client: 18, clock: 60, records: [strokeBytes(20_000, 1, someRegion(1), dims)] }]));
    await eventually(() => ben.durable).toBe(2);
    expect(recordIdsOf(await storedLog(service.folder, read))).toHaveLength(61);
  });

  it('of very many tiny records in one message is stored part by part, with others in between', async () => {
    const service = await start({ policy: { snapshotEvery: 1_000_000 } });
    const read = newRead();
    const eve = await connect(service.url, read, EVE);
    const target = { client: 66, clock: 0 };
    const stroke = strokeBytes(1, 1, someRegion(1));
    const switches = Array.from({ length: 19_000 }, (_, n) =>
      encodeVisibility({ lamport: 2 + n, target, hidden: n % 2 === 0 })
    );
    const ana = await joined(service.url, read, ANA);
    eve.sendSync(2, encodeRecords([{ client: 66, clock: 0, records: [stroke, ...switches] }]));
    ana.paint(someRegion(2), 1);
    await eventually(() => ana.durable).toBe(2);
    expect(eve.durable).toBeNull();
    await eventually(() => eve.durable).toBe(1);
    const log = await storedLog(service.folder, read);
    const sizes = log.filter(({ author }) => author === 'eve').map(entry => recordIdsOf([entry]).length);
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(19_001);
    expect(Math.max(...sizes)).toBe(1000);
  });

  it('refuses a record that lies about its runs, wherever it is in a message', async () => {
    const service = await start({ authorise: () => Promise.resolve({ mayJoin: true, mayWrite: true, initial }) });
    const read = newRead();
    const eve = await connect(service.url, read, EVE);
    const records = expensiveRecords(20);
    const last = records.at(-1);
    last?.fill(255, last.length - 8);
    eve.sendSync(2, encodeRecords([{ client: 66, clock: 0, records }]));
    expect((await eve.whenClosed()).code).toBe(CloseCode.forged);
    expect(await service.store.log.readClients(formatRoomName(read))).toEqual(new Map());
  });
});

describe('Memory', () => {
  it('is not filled by tiny messages that wait for their turn', async () => {
    const held: (() => void)[] = [];
    const service = await start({
      wrapStore: store => ({
        log: {
          ...store.log,
          claimClient: async (room, client, username) => {
            await new Promise<void>(resolve => held.push(resolve));
            return store.log.claimClient(room, client, username);
          }
        },
        blobs: store.blobs,
        catalogue: store.catalogue,
        audit: store.audit,
        close: () => store.close()
      })
    });
    const eve = await openRawSocket(service.url, newRead(), EVE);
    // The first message waits for the store, and all others for it.
    const first = syncFrame(2, encodeRecords([{ client: 66, clock: 0, records: [strokeBytes(1, 1, someRegion(1))] }]));
    eve.write(maskedFrame(first));
    await eventually(() => held.length).toBe(1);
    const tiny = maskedFrame(Uint8Array.of(MessageType.queryAwareness));
    const flood = Buffer.alloc(3_000_000 * tiny.length, tiny);
    eve.write(flood);
    // Most of them stay with the sender.
    await sameForAWhile(() => eve.writableLength);
    expect(eve.writableLength).toBeGreaterThan(flood.length / 2);
    eve.destroy();
    for (const resolve of held) resolve();
  });
});

describe('Frames that break the WebSocket protocol', () => {
  it.each([
    ['compressed', 0xc2, CloseCode.badMessage],
    ['of a reserved kind', 0x83, CloseCode.badMessage],
    ['text that is no text', 0x81, CloseCode.badMessage]
  ])('close their own connection: %s', async (_what, first, code) => {
    const service = await start();
    const read = newRead();
    const ana = await joined(service.url, read, ANA);
    const eve = await openRawSocket(service.url, read, EVE);
    const received: Buffer[] = [];
    eve.on('data', (data: Buffer) => received.push(data));
    eve.write(maskedFrame(Uint8Array.of(0xff, 0xfe), first));
    // The last frame that comes is the close, with its code first.
    await eventually(() => lastClose(Buffer.concat(received))).toBe(code);
    ana.paint(someRegion(1), 1);
    await eventually(() => ana.durable).toBe(2);
  });

  /** The code in the close frame of an unmasked stream of short frames; null before there is one. */
  function lastClose(stream: Buffer): number | null {
    for (let at = 0; at + 1 < stream.length;) {
      const length = stream[at + 1] ?? 0;
      const body = length < 126 ? at + 2 : at + 4;
      const bytes = length < 126 ? length : stream.readUInt16BE(at + 2);
      if (stream[at] === 0x88) return stream.readUInt16BE(body);
      at = body + bytes;
    }
    return null;
  }
});

/** Waits until a number has stopped to change. */
async function sameForAWhile(value: () => number): Promise<void> {
  for (let before = -1; before !== value();) {
    before = value();
    await new Promise(resolve => setTimeout(resolve, 1000));
  }
}

describe('A slow connection', () => {
  const policy = {
    maxUnsentBytes: 256 * 1024,
    pingMilliseconds: 60_000,
    snapshotEvery: 1_000_000,
    ephemeralPerSecond: 1_000_000,
    workPerPerson: { burst: 1e9, perSecond: 1e9 }
  };

  /** Joined, with the document, and deaf from then on. */
  async function deafClient(service: RoomService, read: RoomName): Promise<RawClient> {
    const slow = await connect(service.url, read, BEN);
    slow.sendSync(0, Y.encodeStateVector(new Y.Doc()));
    await eventually(() => slow.framesOfType(MessageType.sync).length).toBe(2);
    slow.socket.pause();
    return slow;
  }

  /** Small strokes, `count` of them from `clock` on; the clock of each record is its place in the log. */
  function smallStrokes(clock: number, count: number): Uint8Array[] {
    const one = strokeBytes(1, 1, boxRegion([1, 2, 3], [2, 2, 2]));
    return Array.from({ length: count }, (_, n) => {
      const lamport = 16_384 + clock + n;
      const varint = [(lamport & 127) | 128, ((lamport >> 7) & 127) | 128, lamport >> 14];
      return Uint8Array.of(...one.subarray(0, 3), ...varint, ...one.subarray(4));
    });
  }

  it('is closed with 4508 when too much waits for it, and disturbs nobody', async () => {
    const service = await start({ policy });
    const read = newRead();
    const slow = await deafClient(service, read);
    const ana = await connect(service.url, read, ANA);
    const perMessage = 15_000;
    let messages = 0;
    while (closings(service).length === 0 && messages < 60) {
      const records = smallStrokes(messages * perMessage, perMessage);
      ana.sendSync(2, encodeRecords([{ client: 17, clock: messages * perMessage, records }]));
      messages += 1;
      await eventually(() => ana.durable).toBe(messages);
    }
    expect(closings(service)).toEqual([CloseCode.tooSlow]);
    slow.socket.resume();
    await slow.whenClosed();
    const back = await joined(service.url, read, BEN);
    expect(recordKeys(back.doc)).toHaveLength(messages * perMessage);
  }, 120_000);

  it('is not closed because of what others only show: that is left out, and said once when there is room', async () => {
    const service = await start({ policy });
    const read = newRead();
    const slow = await deafClient(service, read);
    const eve = await connect(service.url, read, EVE);
    eve.send(awarenessMessage([66, 1, '{}']));
    const points = Array.from({ length: 768 }, (_, n) => n / 7);
    const preview = encodeJsonMessage(MessageType.preview, { ...PREVIEW, client: 66, points });
    const previews = 1500;
    for (let message = 0; message < previews; message++) eve.send(preview);
    eve.send(awarenessMessage([66, 2, '{"cursor":"at last"}']));
    const ana = await joined(service.url, read, ANA);
    await eventually(() => ana.provider.awareness.getStates().get(66)).toMatchObject({ cursor: 'at last' });
    ana.paint(someRegion(1), 1);
    await eventually(() => ana.durable).toBe(2);
    expect(closings(service)).toEqual([]);
    slow.socket.resume();
    await eventually(() => slow.framesOfType(MessageType.sync).length).toBe(4);
    expect(slow.framesOfType(MessageType.preview).length).toBeLessThan(previews);
    ana.provider.awareness.setLocalStateField('cursor', 'of Ana');
    await eventually(() => JSON.stringify(statesIn(slow))).toContain('at last');
    expect(slow.closed).toBeNull();
  }, 60_000);

  function statesIn(client: RawClient): unknown[] {
    const awareness = new Awareness(new Y.Doc());
    for (const frame of client.framesOfType(MessageType.awareness)) {
      const decoder = decoding.createDecoder(frame);
      decoding.readVarUint(decoder);
      applyAwarenessUpdate(awareness, decoding.readVarUint8Array(decoder), null);
    }
    awareness.destroy();
    return [...awareness.getStates().values()];
  }
});

describe('Connections', () => {
  it('of a room have a limit: one more is told to try again later', async () => {
    const service = await start({ policy: { maxConnections: 3 } });
    const read = newRead();
    const inside: RawClient[] = [];
    for (const username of ['a', 'b', 'c']) {
      inside.push(await connect(service.url, read, { username, displayName: username }));
    }
    await eventually(() => inside.every(client => client.frames.length > 0)).toBe(true);
    const fourth = await connect(service.url, read, ANA);
    expect(await fourth.whenClosed()).toMatchObject({ code: CloseCode.tooSlow });
    inside[0]?.leave();
    await eventually(async () => {
      const again = await connect(service.url, read, ANA);
      await eventually(() => again.closed !== null || again.frames.length > 0).toBe(true);
      return again.closed;
    }).toBeNull();
  });

  it('of one person have a limit over all rooms, so that places are left for others', async () => {
    const service = await start({ policy: { maxConnectionsPerPerson: 3 } });
    const read = newRead();
    const own: RawClient[] = [];
    for (const room of [read, read, newRead()]) own.push(await connect(service.url, room, ANA));
    await eventually(() => own.every(client => client.frames.length > 0)).toBe(true);
    expect(await (await connect(service.url, newRead(), ANA)).whenClosed()).toMatchObject({ code: CloseCode.tooSlow });
    const ben = await connect(service.url, read, BEN);
    await eventually(() => ben.frames.length).toBeGreaterThan(0);
  });
});

describe('Presence', () => {
  it('is paid for by its size: a flood of large messages is closed', async () => {
    const service = await start();
    const read = newRead();
    const eve = await connect(service.url, read, EVE);
    const text = `{"cursor":"${'x'.repeat(3900)}"}`;
    const large = awarenessMessage(...Array.from({ length: 200 }, (_, n): [number, number, string] => [66, n, text]));
    for (let message = 0; message < 60; message++) eve.send(large);
    expect((await eve.whenClosed()).code).toBe(CloseCode.badMessage);
  });
});
