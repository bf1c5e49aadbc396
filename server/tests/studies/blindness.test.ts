import { operations, type Operation, type ProtocolContent } from '@voxcord/schemas/api';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { DEFAULT_ROOM_POLICY } from '../../src/rooms/roomPolicy.js';
import { TestService, type Caller, type CallInput } from '../http/testService.js';
import { ModelShelf } from './modelJobs/support.js';
import { EXTRAS, Peers } from './support/peers.js';
import { LiveClient } from './support/liveClient.js';
import { RoomClient } from './support/roomClient.js';
import { DIMS, protocolContent, signing, Study } from './support/study.js';
import { Wiretap } from './support/wiretap.js';

const NOW = new Date('2026-05-04T08:00:00.000Z');
const NOWHERE = '0b0c7a52-5b1f-4a1e-9d4e-3f6f0a5e7c11';
/** So often everything is asked for before the blinded reader submits, and after that. */
const ROUNDS = 20;
const ROUNDS_AFTER = 5;
const ACTIVITIES = 40;
/** Lower than any client id that a server takes, so that updates list the clients in one order. */
const CLIENT = 1;

const ALL: Readonly<Record<string, Operation>> = operations;
const QUESTIONS = Object.keys(ALL).filter(name => ALL[name]?.method === 'GET');
/** These change something of the person's own. They are left to the story. */
const OWN_STEPS = ['createProject', 'uploadFile', 'startImport', 'setPassphrase', 'beginRead', 'submitRead'];
const DEEDS = Object.keys(ALL).filter(name => ALL[name]?.method !== 'GET' && !OWN_STEPS.includes(name));

const BODIES: Readonly<Record<string, object>> = {
  createCase: { title: 'Mine', volumes: ['0'.repeat(64)] },
  createRead: { access: 'shared' },
  addSegment: { name: 'Cyst' },
  changeSegment: { name: 'Cyst' },
  setMember: { role: 'manager' },
  saveProtocolDraft: { edition: null, content: protocolContent() },
  lockProtocol: { edition: 1, signing: signing() },
  assignReaders: { readers: ['ben'], due: null, repeat: false },
  reopenRead: { reason: 'I am curious' },
  startConsensus: {},
  changeStrata: { [NOWHERE]: { phase: 'arterial' } },
  copyIntoRead: { from: NOWHERE, segments: [1] },
  startEvaluation: { release: NOWHERE, reader: 'ben', missing: 'leave-out' }
};

let shelf: ModelShelf;
beforeAll(() => {
  shelf = ModelShelf.with('threshold');
});
afterAll(() => shelf.remove());

/** The one who must not learn anything: ada, with all that she can ask and everywhere that she can be. */
class Blinded {
  readonly tap = new Wiretap();
  readonly #caller: Caller;
  #heardInRead = 0;
  #heardInCase = 0;

  private constructor(
    private readonly study: Study,
    private readonly readId: string,
    private readonly foreign: string,
    private readonly inRead: RoomClient,
    private inCase: RoomClient
  ) {
    this.#caller = study.as('ada');
  }

  static async start(study: Study, readId: string, foreign: string): Promise<Blinded> {
    const ada = study.as('ada');
    const inRead = await RoomClient.join(ada, `read:${readId}`, { dims: DIMS, client: CLIENT });
    const inCase = await RoomClient.join(ada, `case:${study.case_.id}`, { dims: DIMS, client: CLIENT });
    return new Blinded(study, readId, foreign, inRead, inCase);
  }

  /** Asks for everything. */
  async ask(round: number, readOfModel: string): Promise<void> {
    for (const name of QUESTIONS) await this.tap.request(this.#caller, name, this.#input(name, this.readId));
    if (round % 10 !== 0) return;
    for (const name of [...QUESTIONS, ...DEEDS]) {
      await this.tap.request(this.#caller, name, this.#input(name, this.foreign));
    }
    for (const name of DEEDS.filter(deed => deed !== 'reopenRead')) {
      await this.tap.request(this.#caller, name, this.#input(name, this.readId));
    }
    await this.#askOfModels(readOfModel);
    const elsewhere = await RoomClient.join(this.#caller, `read:${this.foreign}`, { dims: DIMS });
    this.tap.closed('the room of another', elsewhere);
    this.tap.closed('the live consensus', await LiveClient.watch(this.#caller, this.study.case_.id));
    this.tap.closed('the live consensus of nothing', await LiveClient.watch(this.#caller, NOWHERE));
    await this.#comeBackToCase();
  }

  /** `readId`: of what a model has labelled in her case, if anybody has run one. */
  async #askOfModels(readId: string): Promise<void> {
    for (const name of [
      'getRead',
      'getLabelMapHead',
      'listRevisions',
      'listReadOrigins',
      'listSegments',
      'reopenRead'
    ]) {
      await this.tap.request(this.#caller, name, this.#input(name, readId));
    }
    const copy = { params: { readId: this.readId }, body: { from: readId, segments: [1] } };
    await this.tap.request(this.#caller, 'copyIntoRead', copy);
    const { project, case_ } = this.study;
    const body = { model: { name: 'threshold', version: '1.0.0' }, cases: [case_.id], priority: 'now' };
    await this.tap.request(this.#caller, 'startModelJobs', { params: { projectId: project.id }, body });
    this.tap.closed('the room of a model', await RoomClient.join(this.#caller, `read:${readId}`, { dims: DIMS }));
  }

  /** Paints, and shows where she is. */
  async work(round: number): Promise<void> {
    this.inCase.present({ cursor: [round, 0, 0] });
    if (this.inRead.mayWrite) {
      this.inRead.paint(round);
      if (round % 7 === 6) this.inRead.hide({ client: CLIENT, clock: round - 1 });
      await this.inRead.saved();
    }
    this.listen();
  }

  listen(): void {
    this.#heardInRead = this.tap.frames('read', this.inRead, this.#heardInRead);
    this.#heardInCase = this.tap.frames('case', this.inCase, this.#heardInCase);
  }

  async submit(): Promise<void> {
    await this.tap.request(this.#caller, 'submitRead', {
      params: { readId: this.readId },
      body: { signing: signing() }
    });
    await this.inRead.until(false);
  }

  async leave(): Promise<void> {
    await Promise.all([this.inRead.leave(), this.inCase.leave()]);
    this.listen();
  }

  async #comeBackToCase(): Promise<void> {
    await this.inCase.leave();
    this.listen();
    // Else her next connection may hear that the one before has gone.
    await new Promise(resolve => setTimeout(resolve, 3 * DEFAULT_ROOM_POLICY.presenceMilliseconds));
    this.inCase = await RoomClient.join(this.#caller, `case:${this.study.case_.id}`, { dims: DIMS, client: CLIENT });
    this.#heardInCase = 0;
  }

  #input(name: string, readId: string): CallInput {
    const { project, case_ } = this.study;
    const body = BODIES[name];
    const { method, path } = ALL[name] ?? {};
    return {
      params: {
        projectId: project.id,
        caseId: case_.id,
        readId,
        volumeHash: case_.volumes[0]?.hash ?? '',
        username: readId === this.readId ? 'ada' : 'ben',
        snapshotHash: '0'.repeat(64),
        number: 1,
        importId: NOWHERE,
        jobId: NOWHERE,
        name: 'threshold',
        version: '1.0.0',
        consensusId: NOWHERE,
        releaseId: NOWHERE,
        evaluationId: NOWHERE,
        dispute: 1,
        reference: `revision:${'0'.repeat(64)}`
      },
      ...(path === '/differences'
        ? { query: { before: `revision:${'0'.repeat(64)}`, after: `revision:${'1'.repeat(64)}` } }
        : {}),
      ...(method === 'GET' || method === 'DELETE' ? {} : { body: body ?? {} })
    };
  }
}

interface Heard {
  readonly heard: readonly string[];
  /** How many things the others did meanwhile. */
  readonly activities: number;
  readonly consensuses: { readonly asked: number; readonly computed: number };
  /** Runs of models that were asked for, and reads of models in the case of the blinded reader. */
  readonly runs: { readonly asked: number; readonly read: number };
}

/** The same days of the same person, while the others do what follows from `seed`; null: nothing. */
async function live(seed: number | null, content: ProtocolContent, rounds = ROUNDS): Promise<Heard> {
  const service = await TestService.start(
    { requests: { rate: 1e6, burst: 1e6 } },
    // Signs of life come by the clock alone, whatever happens: they are left out.
    { now: () => NOW, rooms: { presenceMilliseconds: 1, pingMilliseconds: 1e6 }, shippedModels: shelf.folder }
  );
  try {
    await modelsAreChecked(service.as('lead'));
    const extras = Object.fromEntries(EXTRAS.map(name => [name, 'reader']));
    const roles = { ada: 'reader', ben: 'reader', cleo: 'reader', dora: 'adjudicator', ...extras };
    const study = await Study.start(service, roles, content);
    const finished = await study.finishedCase(['ben', 'cleo', 'hal']);
    await study.assign(['ada', 'ben', 'cleo']);
    for (const username of ['ada', 'ben', 'cleo']) await study.begin(username);
    const ada = await Blinded.start(study, (await study.readOf('ada')).id, (await study.readOf('ben')).id);
    const peers = await Peers.gather(study, ['ben', 'cleo'], finished, seed ?? 0);
    for (let round = 0; round < rounds + ROUNDS_AFTER; round++) {
      if (round === rounds) await ada.submit();
      const acting = seed === null ? Promise.resolve() : peers.act(ACTIVITIES);
      await ada.ask(round, (await peers.readOfModel()) ?? NOWHERE);
      await acting;
      await ada.work(round);
    }
    await ada.leave();
    await peers.leave();
    const { done: activities } = peers;
    return { heard: ada.tap.heard, activities, consensuses: await peers.consensuses(), runs: await peers.runs() };
  } finally {
    await service.stop();
  }
}

/** What is listed must not depend on how long a check takes. */
async function modelsAreChecked(caller: Caller): Promise<void> {
  for (;;) {
    const { models, checking } = await caller.call('listModels');
    if (checking.length === 0 && models.length > 0) return;
  }
}

/** The first thing that was heard in one life and not in the other. */
function difference(one: readonly string[], other: readonly string[]): object | null {
  for (let index = 0; index < Math.max(one.length, other.length); index++) {
    if (one[index] !== other[index]) return { index, one: one[index], other: other[index] };
  }
  return null;
}

test('a blinded reader receives the same bytes whatever the others do', { timeout: 600_000 }, async () => {
  const quiet = await live(null, protocolContent());
  const busy = await live(20261123, protocolContent());
  expect(busy.activities).toBe((ROUNDS + ROUNDS_AFTER) * ACTIVITIES);
  expect(busy.consensuses.asked).toBeGreaterThan(0);
  expect(busy.consensuses.computed).toBe(busy.consensuses.asked);
  expect(busy.runs.asked).toBeGreaterThan(1);
  expect(busy.runs.read).toBe(1);
  expect(quiet.heard.length).toBeGreaterThan(1000);
  expect(difference(quiet.heard, busy.heard)).toBe(null);
});

test('a reader who is not blinded does not: what is compared above tells', { timeout: 600_000 }, async () => {
  const readers = { ...protocolContent().readers, blind: false };
  const quiet = await live(null, protocolContent({ readers }), 1);
  const busy = await live(7, protocolContent({ readers }), 1);
  expect(difference(quiet.heard, busy.heard)).not.toBe(null);
});
