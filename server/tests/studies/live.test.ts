import { LabelMap, type Dims } from '@voxcord/schemas/labelmap';
import { CloseCode } from '@voxcord/schemas/rooms';
import fc from 'fast-check';
import { afterEach, describe, expect, test } from 'vitest';
import { consensusOfCase, LiveConsensus, type SegmentRule } from '../../src/consensus/index.js';
import { segmentRules } from '../../src/studies/consensus/segmentRules.js';
import { eventually } from '../rooms/support/eventually.js';
import { TestService, type Caller, type MoreOptions } from '../http/testService.js';
import { LiveClient, type Seen } from './support/liveClient.js';
import { RoomClient } from './support/roomClient.js';
import { DIMS, protocolContent, signing, Study } from './support/study.js';

const SEED = 20261123;
const NOWHERE = '0b0c7a52-5b1f-4a1e-9d4e-3f6f0a5e7c11';
const VISIBLE = protocolContent();
const SPACING = [0.7, 0.8, 2.5] as const;

let services: TestService[] = [];
afterEach(async () => {
  await Promise.all(services.map(service => service.stop()));
  services = [];
});

async function startService(more: MoreOptions = {}): Promise<TestService> {
  const service = await TestService.start({ requests: { rate: 1e6, burst: 1e6 } }, more);
  services.push(service);
  return service;
}

/** Somebody who paints in a read. */
interface Painter {
  readonly room: RoomClient;
  readonly readId: string;
}

/** A case without a protocol, in which each of these people has begun a read that everybody may see. */
async function freeCase(
  service: TestService,
  people: readonly string[]
): Promise<{ caseId: string; painters: Painter[] }> {
  const lead = service.as('lead');
  const segments = ['Liver', 'Tumour', 'Cyst', 'Vein', 'Spleen', 'Stomach', 'Kidney'].map(name => ({ name }));
  const project = await lead.project({ everyone: 'reader', segments });
  const hash = await lead.volume({ dims: DIMS });
  const body = { title: 'Free', volumes: [hash] };
  const { id: caseId } = await lead.call('createCase', { params: { projectId: project.id }, body });
  const painters: Painter[] = [];
  for (const person of people) painters.push(await beginShared(service.as(person), caseId));
  return { caseId, painters };
}

async function beginShared(caller: Caller, caseId: string): Promise<Painter> {
  const read = await caller.call('createRead', { params: { caseId }, body: { access: 'shared' } });
  return { room: await join(caller, read.id), readId: read.id };
}

function join(caller: Caller, readId: string): Promise<RoomClient> {
  return RoomClient.join(caller, `read:${readId}`, { dims: DIMS });
}

/** What is painted once so many records of each read are there. Each painter has one session. */
function foldsAt(painters: readonly Painter[], records: readonly number[]): Uint8Array[] {
  return painters.map(({ room }, index) => {
    const entries = room.log.entries().filter(({ id }) => id.clock < (records[index] ?? 0));
    return LabelMap.open(DIMS, { records: entries }).bitmap;
  });
}

function majority(folds: readonly Uint8Array[]): SegmentRule[] {
  const segments = new Set(folds.flatMap(fold => [...fold]).filter(label => label !== 0));
  return [...segments].map(segment => ({
    kind: 'structure',
    segment,
    method: { id: 'vote.kofn', threshold: null, ties: 'undecided' }
  }));
}

function inputOf(
  folds: readonly Uint8Array[],
  rules: readonly SegmentRule[]
): ConstructorParameters<typeof LiveConsensus>[0] {
  const dims: Dims = DIMS;
  return { dims, spacing: [...SPACING], reads: folds.map((labels, n) => ({ id: `read ${n}`, labels })), rules };
}

/** Each state that came is the consensus of what was painted by then. */
function expectConsensus(seen: readonly Seen[], painters: readonly Painter[]): void {
  for (const { records, labels, disagreement, figures } of seen) {
    const folds = foldsAt(painters, records);
    const expected = consensusOfCase(inputOf(folds, majority(folds)));
    expect(labels).toEqual(expected.labels);
    expect(disagreement).toEqual(expected.disagreement);
    for (const { segment, voxels, performance } of expected.segments) {
      const told = figures.find(({ number }) => number === segment);
      expect(told?.voxels).toBe(voxels);
      expect(told?.readers.map(({ sensitivity }) => sensitivity)).toEqual(
        performance.map(({ sensitivity }) => sensitivity)
      );
    }
  }
}

const step = fc.record({
  painter: fc.nat({ max: 2 }),
  what: fc.constantFrom('paint', 'paint', 'paint', 'erase', 'undo', 'redo'),
  seed: fc.nat({ max: 400 }),
  segment: fc.constantFrom(1, 2, 7)
});

describe('a live consensus', () => {
  test('shows whoever watches each state of what is painted, voxel for voxel, also to who comes late', async () => {
    const service = await startService();
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 4, maxLength: 24 }), async steps => {
        const { caseId, painters } = await freeCase(service, ['ada', 'ben', 'cleo']);
        const early = await LiveClient.watch(service.as('lead'), caseId);
        let late: LiveClient | null = null;
        const strokes: { painter: number; stroke: ReturnType<RoomClient['paint']>; isHidden: boolean }[] = [];
        for (const [index, { painter, what, seed, segment }] of steps.entries()) {
          const own = strokes.filter(each => each.painter === painter);
          const target = own.at(-1 - (seed % Math.max(1, own.length)));
          const room = painters[painter]?.room;
          if (room === undefined) throw new Error('There is no such painter.');
          if ((what === 'undo' || what === 'redo') && target !== undefined) {
            target.isHidden = what === 'undo';
            room.hide(target.stroke, target.isHidden);
          } else {
            strokes.push({ painter, stroke: room.paint(seed, what === 'erase' ? 0 : segment), isHidden: false });
          }
          // Some come together, some one by one.
          if (seed % 3 === 0) await room.saved();
          if (index === Math.floor(steps.length / 2)) late = await LiveClient.watch(service.as('dora'), caseId);
        }
        const records = painters.map(({ room }) => room.log.entries().length);
        for (const client of [early, late]) {
          if (client === null) continue;
          await client.until(records);
          expectConsensus(client.seen, painters);
          await client.leave();
        }
        expect(late?.newest.labels).toEqual(early.newest.labels);
        for (const { room } of painters) await room.leave();
      }),
      { seed: SEED, numRuns: 5 }
    );
  });

  test('stays exact while histories are compacted', async () => {
    const policy = { snapshotEvery: 3, compactAtLeast: 2, keepRecords: 2, windowMilliseconds: -1000 };
    const service = await startService({ rooms: policy });
    const { caseId, painters } = await freeCase(service, ['ada', 'ben']);
    const client = await LiveClient.watch(service.as('lead'), caseId);
    const folds = painters.map(() => new LabelMap(DIMS));
    const paintRounds = async (from: number, to: number): Promise<void> => {
      for (let round = from; round < to; round++) {
        for (const [index, { room }] of painters.entries()) {
          const id = room.paint(round * 31 + index * 5, 1 + (round % 3));
          const bytes = room.log.entries().find(entry => entry.id.clock === id.clock)?.bytes;
          if (bytes !== undefined) folds[index]?.insert(id, bytes);
          await room.saved();
        }
      }
    };
    await paintRounds(0, 12);
    await client.until([12, 12]);
    await eventually(() => service.log.join('')).toContain('label map compacted');
    await paintRounds(12, 15);
    const { labels, disagreement } = await client.until([15, 15]);
    const painted = folds.map(({ bitmap }) => bitmap);
    const expected = consensusOfCase(inputOf(painted, majority(painted)));
    expect(labels).toEqual(expected.labels);
    expect(disagreement).toEqual(expected.disagreement);
    const again = await LiveClient.watch(service.as('lead'), caseId);
    expect(again.newest.labels).toEqual(expected.labels);
  });

  test('is whole again for who asks, comes back, or comes after the service has started anew', async () => {
    const service = await startService();
    const { caseId, painters } = await freeCase(service, ['ada', 'ben']);
    const client = await LiveClient.watch(service.as('lead'), caseId);
    for (const [index, { room }] of painters.entries()) {
      room.paint(3 + index);
      await room.saved();
    }
    const { labels, version } = await client.until([1, 1]);
    client.resync();
    await eventually(() => client.newest.isWhole).toBe(true);
    expect(client.newest).toMatchObject({ labels, version });
    client.socket.terminate();
    expect((await LiveClient.watch(service.as('lead'), caseId)).newest.labels).toEqual(labels);
    const cut = await LiveClient.watch(service.as('dora'), caseId);
    await service.running.stop();
    expect((await cut.whenClosed())?.code).toBe(CloseCode.shuttingDown);
    const restarted = await service.restart();
    services = [restarted];
    expect((await LiveClient.watch(restarted.as('lead'), caseId)).newest.labels).toEqual(labels);
  });

  test('needs two reads that have begun, and takes in one that begins later', async () => {
    const service = await startService();
    const { caseId, painters } = await freeCase(service, ['ada']);
    const alone = await LiveClient.watch(service.as('lead'), caseId);
    expect(alone.closed?.code).toBe(CloseCode.gone);
    const ben = await beginShared(service.as('ben'), caseId);
    const two = await LiveClient.watch(service.as('lead'), caseId);
    expect(two.subject?.readers.map(({ reader }) => reader.username)).toEqual(['ada', 'ben']);
    const cleo = await beginShared(service.as('cleo'), caseId);
    expect((await two.whenClosed())?.code).toBe(CloseCode.changed);
    const three = await LiveClient.watch(service.as('lead'), caseId);
    for (const [index, { room }] of [...painters, ben, cleo].entries()) {
      room.paint(10 + (index % 2));
      await room.saved();
    }
    expectConsensus([await three.until([1, 1, 1])], [...painters, ben, cleo]);
  });

  test('leaves out what somebody keeps to themselves', async () => {
    const service = await startService();
    const { caseId } = await freeCase(service, ['ada', 'ben']);
    await service.as('cleo').call('createRead', { params: { caseId }, body: { access: 'blind' } });
    const client = await LiveClient.watch(service.as('lead'), caseId);
    expect(client.subject?.readers.map(({ reader }) => reader.username)).toEqual(['ada', 'ben']);
  });
});

describe('under a protocol', () => {
  const people = { ada: 'reader', ben: 'reader', adjo: 'adjudicator', vic: 'viewer' };

  async function visibleStudy(service: TestService): Promise<{ study: Study; painters: Painter[] }> {
    const study = await Study.start(service, people, {
      ...VISIBLE,
      readers: { ...VISIBLE.readers, blind: false, perCase: 2 }
    });
    await study.assign(['ada', 'ben']);
    const painters: Painter[] = [];
    for (const username of ['ada', 'ben']) {
      const { id } = await study.begin(username);
      painters.push({ readId: id, room: await join(study.as(username), id) });
    }
    return { study, painters };
  }

  test('without blinding it follows the rules of the protocol, through submission and reopening', async () => {
    const service = await startService();
    const { study, painters } = await visibleStudy(service);
    const client = await LiveClient.watch(study.lead, study.case_.id);
    const asReader = await LiveClient.watch(study.as('ben'), study.case_.id);
    expect(client.subject).toMatchObject({ rules: 'protocol', segments: [{ name: 'Liver' }, { name: 'Tumour' }] });
    const [ada, ben] = painters;
    if (ada === undefined || ben === undefined) throw new Error('Nobody paints.');
    ada.room.paint(4, 1);
    ben.room.paint(5, 1);
    ben.room.paint(6, 2);
    await Promise.all([ada.room.saved(), ben.room.saved()]);
    await client.until([1, 2]);
    await study.submit('ada');
    await study.lead.call('reopenRead', { params: { readId: ada.readId }, body: { reason: 'once more' } });
    await ada.room.until(true);
    ada.room.paint(6, 2);
    await ada.room.saved();
    const { labels, disagreement } = await client.until([2, 2]);
    const rules = segmentRules(VISIBLE.segments, VISIBLE.consensus);
    const expected = new LiveConsensus(inputOf(foldsAt(painters, [2, 2]), rules));
    expect(labels).toEqual(expected.labels);
    expect(disagreement).toEqual(expected.disagreement);
    expect((await asReader.until([2, 2])).labels).toEqual(labels);
  });

  test('what a reader has not looked for is no vote for background', async () => {
    const service = await startService();
    const { study, painters } = await visibleStudy(service);
    const [ada, ben] = painters;
    if (ada === undefined || ben === undefined) throw new Error('Nobody paints.');
    ada.room.paint(4, 2);
    ben.room.paint(5, 1);
    await Promise.all([ada.room.saved(), ben.room.saved()]);
    const before = await LiveClient.watch(study.lead, study.case_.id);
    await before.until([1, 1]);
    const body = { signing: signing(), notRead: [2] };
    await study.as('ben').call('submitRead', { params: { readId: ben.readId }, body });
    // Other votes are another consensus: who watches is told to come again.
    expect(await before.whenClosed()).not.toBeNull();
    const { labels, disagreement } = await (await LiveClient.watch(study.lead, study.case_.id)).until([1, 1]);
    const input = inputOf(foldsAt(painters, [1, 1]), segmentRules(VISIBLE.segments, VISIBLE.consensus));
    const reads = input.reads.map((read, n) => ({ ...read, notRead: n === 1 ? [2] : [] }));
    const expected = new LiveConsensus({ ...input, reads });
    expect(labels).toEqual(expected.labels);
    expect(disagreement).toEqual(expected.disagreement);
    expect(labels).not.toEqual(new LiveConsensus(input).labels);
  });

  test('who loses the right to see a read hears nothing more', async () => {
    const service = await startService();
    const { study, painters } = await visibleStudy(service);
    const viewer = await LiveClient.watch(study.as('vic'), study.case_.id);
    const lead = await LiveClient.watch(study.lead, study.case_.id);
    const params = { projectId: study.project.id, username: 'vic' };
    await study.lead.call('removeMember', { params });
    expect((await viewer.whenClosed())?.code).toBe(CloseCode.gone);
    const heard = viewer.bytes;
    painters[0]?.room.paint(9);
    await lead.until([1, 0]);
    expect(viewer.bytes).toBe(heard);
    const again = await LiveClient.watch(study.as('vic'), study.case_.id);
    expect(again.closed?.code).toBe(CloseCode.gone);
  });

  test('while reads are blind it does not exist, and who must not see them hears what everybody hears of nothing', async () => {
    const service = await startService();
    const study = await Study.start(service, { ...people, cleo: 'reader' }, { ...VISIBLE });
    await study.assign(['ada', 'ben', 'cleo']);
    for (const username of ['ada', 'ben']) {
      const { id } = await study.begin(username);
      const room = await join(study.as(username), id);
      room.paint(3);
      await room.saved();
    }
    const nothing = await LiveClient.watch(study.as('cleo'), NOWHERE);
    expect(nothing.closed?.code).toBe(CloseCode.gone);
    for (const username of ['ada', 'cleo', 'vic', 'adjo', 'lead']) {
      const refused = await LiveClient.watch(study.as(username), study.case_.id);
      expect(refused.closed).toEqual(nothing.closed);
      expect(refused.bytes).toBe(0);
    }
    await study.submit('ada');
    await study.submit('ben');
    // Submitted reads are open to those who decide, not to those who read.
    const lead = await LiveClient.watch(study.lead, study.case_.id);
    expect(lead.subject?.readers.map(({ reader }) => reader.username)).toEqual(['ada', 'ben']);
    for (const username of ['ada', 'cleo', 'vic']) {
      expect((await LiveClient.watch(study.as(username), study.case_.id)).closed).toEqual(nothing.closed);
    }
    await study.begin('cleo');
    expect((await lead.whenClosed())?.code).toBe(CloseCode.gone);
  });

  test('locking a blind protocol ends it for who works without one', async () => {
    const service = await startService();
    const study = await Study.start(service, people, { ...VISIBLE, readers: { ...VISIBLE.readers, blind: false } });
    await study.assign(['ada', 'ben']);
    await study.begin('ada');
    await study.begin('ben');
    const client = await LiveClient.watch(study.as('vic'), study.case_.id);
    expect(client.closed).toBeNull();
    await study.lock({ ...VISIBLE, title: 'Now blind' });
    expect((await client.whenClosed())?.code).toBe(CloseCode.gone);
  });
});

describe('the bounds of live consensus', () => {
  test('one more case than may run is refused, until nobody watches one of the others', async () => {
    const service = await startService({ live: { maxCases: 1 } });
    const first = await freeCase(service, ['ada', 'ben']);
    const second = await freeCase(service, ['ada', 'ben']);
    const watching = await LiveClient.watch(service.as('lead'), first.caseId);
    const refused = await LiveClient.watch(service.as('lead'), second.caseId);
    expect(refused.closed?.code).toBe(CloseCode.noPlace);
    await watching.leave();
    await eventually(async () => (await LiveClient.watch(service.as('lead'), second.caseId)).closed).toBeNull();
  });

  test('a case that takes more memory than there is for all of them is refused for good', async () => {
    const service = await startService({ live: { maxBytes: DIMS[0] * DIMS[1] * DIMS[2] * 6 - 1 } });
    const { caseId } = await freeCase(service, ['ada', 'ben']);
    const refused = await LiveClient.watch(service.as('lead'), caseId);
    expect(refused.closed?.code).toBe(CloseCode.tooLarge);
  });

  test('one person has so many watchers and no more', async () => {
    const service = await startService({ live: { maxWatchersPerPerson: 1 } });
    const { caseId } = await freeCase(service, ['ada', 'ben']);
    const first = await LiveClient.watch(service.as('lead'), caseId);
    expect((await LiveClient.watch(service.as('lead'), caseId)).closed?.code).toBe(CloseCode.tooSlow);
    expect((await LiveClient.watch(service.as('ada'), caseId)).closed).toBeNull();
    expect(first.closed).toBeNull();
  });
});
