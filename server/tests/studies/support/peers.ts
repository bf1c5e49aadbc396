import type { Read } from '@voxcord/schemas/api';
import type { RecordId } from '@voxcord/schemas/labelmap';
import type { Caller } from '../../http/testService.js';
import { RoomClient } from './roomClient.js';
import { DIMS, protocolContent, signing, type Study } from './study.js';

/** People who get cases and lose them again. */
export const EXTRAS = ['eli', 'fay', 'gus', 'hal'];

interface Reader {
  readonly caller: Caller;
  readonly readId: string;
  readonly room: RoomClient;
  readonly strokes: RecordId[];
}

/** Everybody in a study but the one who is blinded, doing whatever comes to their minds. */
export class Peers {
  #done = 0;
  #asked = 0;
  #newcomers = 0;
  #runs = 0;
  readonly #inCase = new Map<string, RoomClient>();

  private constructor(
    private readonly study: Study,
    private readonly readers: readonly Reader[],
    /** A case of which everything is submitted. */
    private readonly finished: string,
    private readonly random: () => number
  ) {}

  /** `readers` have been given a read and begun it. */
  static async gather(study: Study, readers: readonly string[], finished: string, seed: number): Promise<Peers> {
    const gathered: Reader[] = [];
    for (const username of readers) {
      const { id: readId } = await study.readOf(username);
      const caller = study.as(username);
      gathered.push({
        caller,
        readId,
        room: await RoomClient.join(caller, `read:${readId}`, { dims: DIMS }),
        strokes: []
      });
    }
    return new Peers(study, gathered, finished, mulberry32(seed));
  }

  /** How many times a consensus was asked for, and how many have been computed. */
  async consensuses(): Promise<{ readonly asked: number; readonly computed: number }> {
    for (;;) {
      const all = await this.study.lead.call('listConsensus', { params: { caseId: this.finished } });
      const states = all.map(({ progress }) => progress.state);
      if (states.includes('running')) await new Promise(resolve => setTimeout(resolve, 20));
      else return { asked: this.#asked, computed: states.filter(state => state === 'done').length };
    }
  }

  get done(): number {
    return this.#done;
  }

  /** So many activities, three at a time. */
  async act(count: number): Promise<void> {
    const queue = Array.from({ length: count }, () => this.#pick());
    const work = async (): Promise<void> => {
      for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
        await next();
        this.#done += 1;
      }
    };
    await Promise.all([work(), work(), work()]);
  }

  async leave(): Promise<void> {
    for (const { room } of this.readers) await room.leave();
    for (const room of this.#inCase.values()) await room.leave();
  }

  #pick(): () => Promise<unknown> {
    const reader = this.#one(this.readers);
    const someone = this.study.as(this.#one(['lead', 'dora', 'ben', 'cleo']));
    const extra = this.#one(EXTRAS);
    const seed = Math.floor(this.random() * 1e6);
    const all: readonly [number, () => Promise<unknown>][] = [
      [30, () => this.#paint(reader, seed)],
      [8, () => this.#undo(reader)],
      [8, () => this.#preview(reader, seed)],
      [8, () => this.#presence(someone, seed)],
      [4, () => this.#leaveCase(someone)],
      [4, () => this.#submit(reader)],
      [4, () => this.#reopen(reader, someone)],
      [4, () => this.#assign(extra)],
      [4, () => this.#withdraw(extra)],
      [3, () => this.#draft(seed)],
      [2, () => this.#profile(extra, seed)],
      [2, () => this.#group(seed)],
      [2, () => this.#addAndRemove(seed)],
      [2, () => this.study.lead.volume({ dims: [4, 4, 4], slope: seed })],
      [2, () => this.study.service.as(`new${(this.#newcomers += 1)}`).call('me')],
      [2, () => this.#wrongPassphrase()],
      [2, () => this.#consensus()],
      [1, () => this.#model(seed)],
      [6, () => this.#look(someone)]
    ];
    let at = this.random() * all.reduce((sum, [weight]) => sum + weight, 0);
    for (const [weight, activity] of all) {
      at -= weight;
      if (at < 0) return activity;
    }
    return () => Promise.resolve();
  }

  async #paint({ room, strokes }: Reader, seed: number): Promise<void> {
    if (!room.mayWrite || room.closed !== null) return;
    strokes.push(room.paint(seed, 1 + (seed % 2)));
    await room.saved();
  }

  async #undo({ room, strokes }: Reader): Promise<void> {
    const stroke = strokes.pop();
    if (stroke === undefined || !room.mayWrite || room.closed !== null) return;
    room.hide(stroke);
    await room.saved();
  }

  #preview({ room }: Reader, seed: number): Promise<void> {
    if (room.mayWrite) room.preview(seed);
    return Promise.resolve();
  }

  async #presence(who: Caller, seed: number): Promise<void> {
    const room = this.#inCase.get(who.username) ?? (await this.#joinCase(who));
    room.present({ cursor: [seed, 0, 0] });
  }

  async #joinCase(who: Caller): Promise<RoomClient> {
    const room = await RoomClient.join(who, `case:${this.study.case_.id}`, { dims: DIMS });
    this.#inCase.set(who.username, room);
    return room;
  }

  async #leaveCase(who: Caller): Promise<void> {
    const room = this.#inCase.get(who.username);
    this.#inCase.delete(who.username);
    await room?.leave();
  }

  #submit({ caller, readId }: Reader): Promise<unknown> {
    return caller.send('submitRead', { params: { readId }, body: { signing: signing() } });
  }

  #reopen({ readId, caller }: Reader, someone: Caller): Promise<unknown> {
    const who = someone.username === 'lead' ? someone : caller;
    return who.send('reopenRead', { params: { readId }, body: { reason: 'something was missing' } });
  }

  #assign(extra: string): Promise<unknown> {
    const body = { readers: [extra], due: '2027-01-01T00:00:00.000Z', repeat: false };
    return this.study.lead.send('assignReaders', { params: { caseId: this.study.case_.id }, body });
  }

  async #withdraw(extra: string): Promise<void> {
    const mine = await this.study.as(extra).call('listMyReads');
    for (const { read } of mine) await this.study.lead.send('withdrawAssignment', { params: { readId: read.id } });
  }

  async #draft(seed: number): Promise<void> {
    const params = { projectId: this.study.project.id };
    const [newest] = await this.study.lead.call('listProtocols', { params });
    const edition = newest?.state === 'draft' ? newest.edition : null;
    if (edition !== null && seed % 3 === 0) await this.study.lead.send('discardProtocolDraft', { params });
    else {
      const body = { edition, content: protocolContent({ title: `Draft ${seed}` }) };
      await this.study.lead.send('saveProtocolDraft', { params, body });
    }
  }

  async #group(seed: number): Promise<void> {
    const change = seed % 3 === 0 ? { phase: null } : { phase: `phase ${seed % 3}`, 'nodules seen': String(seed) };
    const params = { projectId: this.study.project.id };
    await this.study.lead.call('changeStrata', { params, body: { [this.study.case_.id]: change } });
  }

  #profile(username: string, seed: number): Promise<unknown> {
    const profile = { qualification: `Qualification ${seed}`, yearsOfExperience: seed % 40 };
    const params = { projectId: this.study.project.id, username };
    return this.study.lead.send('setMember', { params, body: { role: 'reader', profile } });
  }

  async #addAndRemove(seed: number): Promise<void> {
    const params = { projectId: this.study.project.id, username: `guest${seed}` };
    await this.study.lead.call('setMember', { params, body: { role: 'adjudicator' } });
    if (seed % 2 === 0) await this.study.lead.call('removeMember', { params });
  }

  #wrongPassphrase(): Promise<unknown> {
    return this.study
      .as('dora')
      .send('setPassphrase', { body: { passphrase: 'another passphrase', current: 'wrong' } });
  }

  /** Of a finished case, and of the one that is being read, which is refused. */
  async #consensus(): Promise<void> {
    for (const caseId of [this.finished, this.study.case_.id]) {
      await this.study.lead.send('startConsensus', { params: { caseId }, body: {} });
    }
    this.#asked += 1;
    const [newest] = await this.study.lead.call('listConsensus', { params: { caseId: this.finished } });
    const params = { consensusId: newest?.id ?? '' };
    await this.study.lead.call('getConsensus', { params });
    await this.study.lead.send('getDisagreement', { params });
  }

  /** Models are run on the case that is being read, and on another one; some runs are cancelled, and all are looked at. */
  async #model(seed: number): Promise<void> {
    const params = { projectId: this.study.project.id };
    const body = { model: { name: 'threshold', version: '1.0.0' }, cases: [this.study.case_.id, this.finished] };
    const who = this.study.as(this.#one(['lead', 'dora']));
    await who.send('startModelJobs', { params, body: { ...body, priority: seed % 2 === 0 ? 'now' : 'later' } });
    this.#runs += 1;
    const jobs = await who.call('listModelJobs', { params });
    const running = jobs.find(({ caseId }) => caseId === this.finished);
    if (seed % 4 === 0) await who.send('cancelModelJob', { params: { jobId: running?.id ?? '' } });
  }

  /** What a model has labelled in the case that is being read; null: nothing yet. */
  async readOfModel(): Promise<string | null> {
    return (await this.#readsOfModels())[0]?.id ?? null;
  }

  /** How many times models were run, and how many reads of theirs there are in the case that is being read. */
  async runs(): Promise<{ readonly asked: number; readonly read: number }> {
    return { asked: this.#runs, read: (await this.#readsOfModels()).length };
  }

  async #readsOfModels(): Promise<Read[]> {
    const { reads } = await this.study.lead.call('getCase', { params: { caseId: this.study.case_.id } });
    return reads.filter(({ purpose }) => purpose === 'model');
  }

  async #look(who: Caller): Promise<void> {
    const { reads } = await who.call('getCase', { params: { caseId: this.study.case_.id } });
    for (const { id, mayView } of reads) {
      if (!mayView) continue;
      await who.send('getLabelMapHead', { params: { readId: id } });
      await who.send('listRevisions', { params: { readId: id } });
    }
    await who.send('listAuditEvents', { params: { projectId: this.study.project.id } });
  }

  #one<T>(list: readonly T[]): T {
    const chosen = list[Math.floor(this.random() * list.length)];
    if (chosen === undefined) throw new Error('There is nothing to choose from.');
    return chosen;
  }
}

/** Mulberry32: numbers from 0 to 1 that follow from the seed. */
function mulberry32(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}
