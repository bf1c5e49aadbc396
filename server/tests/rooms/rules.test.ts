import { CloseCode, formatRoomName, MAX_FRAME_BYTES, MessageType, segmentsOf } from '@voxcord/schemas/rooms';
import * as decoding from 'lib0/decoding';
import { describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import { eventually } from './support/eventually.js';
import { boxRegion, recordKeys, someRegion } from './support/painting.js';
import { ANA, BEN, signedIdentity } from './support/people.js';
import { INITIAL, newCase, newRead } from './support/roomService.js';
import { useStage } from './support/stage.js';
import { logOf } from './support/storedRead.js';

const { start, joined, connect } = useStage();

describe('R6: the server decides who is in a room', () => {
  it('gives nobody else a byte of a blind read, and tells its reader of nobody else', async () => {
    const service = await start({
      authorise: person =>
        Promise.resolve(
          person.username === 'ana'
            ? { mayJoin: true, mayWrite: true, initial: INITIAL }
            : { mayJoin: false, code: 4403 }
        )
    });
    const read = newRead();
    const ana = await joined(service.url, read, ANA);
    ana.paint(someRegion(1), 1);
    await eventually(() => ana.durable).toBe(2);
    const ben = await connect(service.url, read, BEN);
    ben.sendSync(0, Y.encodeStateVector(new Y.Doc()));
    expect(await ben.whenClosed()).toMatchObject({ code: CloseCode.notAllowed });
    expect(ben.frames).toEqual([]);
    expect([...ana.provider.awareness.getStates().keys()]).toEqual([ana.doc.clientID]);
  });

  it('lets a viewer look but not paint', async () => {
    const service = await start({
      authorise: person => Promise.resolve({ mayJoin: true, mayWrite: person.username === 'ana', initial: INITIAL })
    });
    const read = newRead();
    const ana = await joined(service.url, read, ANA);
    ana.paint(someRegion(1), 1);
    const ben = await joined(service.url, read, BEN);
    await eventually(() => recordKeys(ben.doc).length).toBe(1);
    expect(ben.welcome?.mayWrite).toBe(false);
    ben.paint(someRegion(2), 1);
    await eventually(() => ben.closeCode).toBe(CloseCode.notAllowed);
    expect(recordKeys(ana.doc)).toHaveLength(1);
  });

  it('sends away who loses access while being in the room', async () => {
    let mayJoin = true;
    const service = await start({
      authorise: person =>
        Promise.resolve(
          mayJoin || person.username === 'ana'
            ? { mayJoin: true, mayWrite: person.username === 'ana' || mayJoin, initial: INITIAL }
            : { mayJoin: false, code: 4403 }
        )
    });
    const read = newRead();
    const ana = await joined(service.url, read, ANA);
    const ben = await joined(service.url, read, BEN);
    mayJoin = false;
    await service.rooms.refreshRights(read);
    await eventually(() => ben.closeCode).toBe(CloseCode.notAllowed);
    expect(ana.provider.wsconnected).toBe(true);
  });

  it('lets clients write nothing in the room of a case', async () => {
    const service = await start();
    const room = newCase();
    const ana = await joined(service.url, room, ANA);
    ana.doc.getMap('threads').set('t', 'hello');
    await eventually(() => ana.closeCode).toBe(CloseCode.notAllowed);
    expect(await logOf(service.store, formatRoomName(room))).toEqual([]);
  });
});

describe('R7: who somebody is comes from the verified identity', () => {
  it('overwrites what a browser says about its user, and stores no presence', async () => {
    const service = await start();
    const read = newRead();
    const ana = await joined(service.url, read, ANA);
    const ben = await joined(service.url, read, BEN);
    ben.provider.awareness.setLocalState({ user: { username: 'ana', displayName: 'Ana' }, cursor: null });
    const seen = (): unknown => ana.provider.awareness.getStates().get(ben.doc.clientID);
    await eventually(seen).toMatchObject({ cursor: null, user: { username: 'ben', displayName: 'Ben Ito' } });
    const entries = await logOf(service.store, formatRoomName(read));
    expect(entries).toHaveLength(1);
    ben.leave();
    await eventually(seen).toBeUndefined();
  });
});

describe('R8: a document has the shape that the server gave it', () => {
  it.each([
    ['a root of their own', (doc: Y.Doc) => doc.getArray('mine').push([new Uint8Array([1])])],
    [
      'a segment',
      (doc: Y.Doc) => segmentsOf(doc).set('9', { number: 9, name: 'x', colour: '#000000', codes: [], retired: false })
    ],
    ['a container in a record log', (doc: Y.Doc) => doc.getArray(`strokes/${doc.clientID}`).push([new Y.Map()])],
    ['a text', (doc: Y.Doc) => doc.getText('notes').insert(0, 'hello')]
  ])('lets clients not write %s', async (_what, write) => {
    const service = await start();
    const read = newRead();
    const ana = await joined(service.url, read, ANA);
    const ben = await joined(service.url, read, BEN);
    write(ben.doc);
    await eventually(() => ben.closeCode).toSatisfy(code => code === CloseCode.forged || code === CloseCode.badMessage);
    ana.paint(someRegion(1), 1);
    await eventually(() => ana.durable).toBe(2);
    expect(segmentsOf(ana.doc).size).toBe(5);
    expect(await logOf(service.store, formatRoomName(read))).toHaveLength(3);
  });
});

describe('R9: the close code says whether trying again helps', () => {
  it.each([
    ['4401 without an identity', null, '', CloseCode.signIn],
    ['4401 with a forged identity', 'x.y.z', '', CloseCode.signIn],
    ['4409 with another epoch', ANA, '?epoch=another', CloseCode.otherEpoch],
    ['4426 with an older program', ANA, '?protocolVersion=0', CloseCode.olderClient]
  ] as const)('closes with %s', async (_what, person, query, code) => {
    const service = await start();
    const client = await connect(service.url, newRead(), person, query);
    expect(await client.whenClosed()).toMatchObject({ code });
    expect(client.frames).toEqual([]);
  });

  it('closes with 4401 if the identity has expired', async () => {
    const service = await start();
    const now = Math.floor(Date.now() / 1000);
    const token = await signedIdentity(ANA, { iat: now - 200, exp: now - 100 });
    const client = await connect(service.url, newRead(), token);
    expect(await client.whenClosed()).toMatchObject({ code: CloseCode.signIn });
  });

  it.each(['read:unknown', 'nothing', 'read:..%2f..', 'consensus:6f1c'])('closes with 4404 for %s', async room => {
    const service = await start();
    const client = await connect(service.url, room, ANA);
    expect(await client.whenClosed()).toMatchObject({ code: CloseCode.gone });
  });

  it('closes with 4404 if the project says that there is no such read', async () => {
    const service = await start({ authorise: () => Promise.resolve({ mayJoin: false, code: 4404 }) });
    const client = await connect(service.url, newRead(), ANA);
    expect(await client.whenClosed()).toMatchObject({ code: CloseCode.gone });
  });
});

describe('R10: frames stay below 1 MiB', () => {
  it('sends a large document in parts, the last one marked as the last', async () => {
    const service = await start();
    const read = newRead();
    const ana = await joined(service.url, read, ANA);
    for (let stroke = 0; stroke < 60; stroke++) ana.paint(noisyRegion(stroke), 1);
    await eventually(() => ana.durable).toBe(61);
    const ben = await connect(service.url, read, BEN);
    ben.sendSync(0, Y.encodeStateVector(new Y.Doc()));
    const kinds = (): number[] =>
      ben.framesOfType(MessageType.sync).map(frame => {
        const decoder = decoding.createDecoder(frame);
        decoding.readVarUint(decoder);
        return decoding.readVarUint(decoder);
      });
    await eventually(() => kinds().includes(1)).toBe(true);
    expect(Math.max(...ben.frames.map(frame => frame.length))).toBeLessThan(MAX_FRAME_BYTES);
    expect(kinds().at(-1)).toBe(1);
    expect(ben.frames.reduce((sum, frame) => sum + frame.length, 0)).toBeGreaterThan(MAX_FRAME_BYTES);
    const joiner = await joined(service.url, read, BEN);
    expect(recordKeys(joiner.doc)).toEqual(recordKeys(ana.doc));
  }, 120_000);

  it('closes with 4413 for a larger frame and disturbs nobody else', async () => {
    const service = await start();
    const read = newRead();
    const ana = await joined(service.url, read, ANA);
    const ben = await connect(service.url, read, BEN);
    ben.send(new Uint8Array(MAX_FRAME_BYTES + 1));
    expect(await ben.whenClosed()).toMatchObject({ code: CloseCode.tooLarge });
    ana.paint(someRegion(1), 1);
    await eventually(() => ana.durable).toBe(2);
  });
});

/** Every other voxel of most of the grid, at random: as many runs as can be. */
function noisyRegion(seed: number): ReturnType<typeof boxRegion> {
  const region = boxRegion([0, 0, 0], [60, 48, 40]);
  let state = 12_345 + seed;
  for (let voxel = 0; voxel < region.mask.length; voxel++) {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    region.mask[voxel] = (state >>> 16) & 1;
  }
  region.mask[0] = 1;
  return region;
}
