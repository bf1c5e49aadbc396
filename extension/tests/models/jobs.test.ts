import type { ModelJob, NewModelJobs } from '@voxcord/schemas/api';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { VoxcordApi } from '../../src/client/api.js';
import { VoxcordError } from '../../src/client/problems.js';
import { ProjectJobs } from '../../src/models/projectJobs.js';
import { type EndedJobs, VoxcordModels } from '../../src/models/voxcordModels.js';
import { ADA, BEN, PROJECT, job } from './support.js';

/** Jobs as the service keeps them: what is asked for is answered with how they are now. */
class Jobs {
  stored: readonly ModelJob[] = [];
  refusal: VoxcordError | null = null;
  asked = 0;
  refused = 0;

  readonly api = { call: (name: string, input: unknown) => this.answer(name, input) } as unknown as VoxcordApi;

  set(id: string, changes: Partial<ModelJob>): void {
    this.stored = this.stored.map(one => (one.id === id ? { ...one, ...changes } : one));
  }

  /** Answers are as old as the question. */
  private async afterAWhile<T>(answer: T): Promise<T> {
    for (let turn = 0; turn < 5; turn++) await Promise.resolve();
    return answer;
  }

  private answer(name: string, input: unknown): Promise<unknown> {
    if (this.refusal !== null) {
      this.refused++;
      return Promise.reject(this.refusal);
    }
    const { params, body } = input as { params: { jobId?: string }; body?: NewModelJobs };
    switch (name) {
      case 'listModelJobs':
        this.asked++;
        return this.afterAWhile(this.stored);
      case 'startModelJobs': {
        const begun = (body?.cases ?? []).map((caseId, n) => job(`new ${n}`, { caseId, state: 'waiting' }));
        this.stored = [...begun, ...this.stored];
        return Promise.resolve(begun);
      }
      case 'cancelModelJob':
        this.set(params.jobId ?? '', { state: 'cancelled' });
        return Promise.resolve(this.stored.find(({ id }) => id === params.jobId));
      default:
        return Promise.reject(new Error(name));
    }
  }
}

beforeEach(() => {
  vi.useFakeTimers();
});
const opened: ProjectJobs[] = [];
afterEach(() => {
  for (const jobs of opened.splice(0)) jobs.dispose();
  vi.useRealTimers();
});

function jobsFor(username: string, service: Jobs): ProjectJobs {
  const jobs = new ProjectJobs(service.api, PROJECT, username);
  opened.push(jobs);
  return jobs;
}

describe('jobs of a project', () => {
  it('are looked at again while one is under way and somebody watches, and left alone afterwards', async () => {
    const service = new Jobs();
    service.stored = [job('one', { requestedBy: BEN })];
    const jobs = jobsFor('ada', service);
    const watching = jobs.watch();
    await vi.advanceTimersByTimeAsync(3000);
    expect(service.asked).toBeGreaterThan(2);
    service.set('one', { state: 'done' });
    await vi.advanceTimersByTimeAsync(1000);
    const { asked } = service;
    await vi.advanceTimersByTimeAsync(60_000);
    expect(service.asked).toBe(asked);
    watching.dispose();
  });

  it('of somebody else are not asked for when nobody watches, own ones are', async () => {
    const service = new Jobs();
    service.stored = [job('one', { requestedBy: BEN })];
    const jobs = jobsFor('ada', service);
    await jobs.load();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(service.asked).toBe(1);
    service.stored = [job('two'), ...service.stored];
    await jobs.load();
    await vi.advanceTimersByTimeAsync(20_000);
    expect(service.asked).toBeGreaterThan(3);
  });

  it('say which of them are over, once, and what a model has done last', async () => {
    const service = new Jobs();
    service.stored = [job('two'), job('one', { state: 'done', read: 'r1' })];
    const jobs = jobsFor('ada', service);
    const over: string[] = [];
    jobs.ended.connect((_, ended) => over.push(...ended.map(({ id }) => id)));
    await jobs.load();
    expect(jobs.lastResult('a'.repeat(64))?.read).toBe('r1');
    service.set('two', { state: 'done', read: 'r2' });
    await jobs.load();
    await jobs.load();
    expect(over).toEqual(['two']);
    expect(jobs.lastResult('a'.repeat(64))?.read).toBe('r2');
    expect(jobs.lastResult('c'.repeat(64))).toBeNull();
  });

  it('that are asked for and cancelled are there at once', async () => {
    const service = new Jobs();
    const jobs = jobsFor('ada', service);
    await jobs.load();
    await jobs.start({ model: { name: 'net', version: '1.0.0' }, cases: ['x', 'y'], priority: 'later' });
    expect(jobs.jobs?.map(({ caseId, state }) => [caseId, state])).toEqual([
      ['x', 'waiting'],
      ['y', 'waiting']
    ]);
    await jobs.cancel('new 1');
    expect(jobs.ofCase('y').map(({ state }) => state)).toEqual(['cancelled']);
  });

  it('that are asked for while they are being looked at are not forgotten for an older answer', async () => {
    const service = new Jobs();
    const jobs = jobsFor('ada', service);
    const looking = jobs.load();
    await jobs.start({ model: { name: 'net', version: '1.0.0' }, cases: ['x'], priority: 'now' });
    await looking;
    expect(jobs.jobs?.map(({ caseId }) => caseId)).toEqual(['x']);
    service.set('new 0', { state: 'done' });
    await vi.advanceTimersByTimeAsync(10_000);
    expect(jobs.jobs?.map(({ state }) => state)).toEqual(['done']);
  });

  it('of whoever may not see them any more are forgotten, and not asked for again and again', async () => {
    const service = new Jobs();
    service.stored = [job('two'), job('one', { state: 'done', read: 'r1' })];
    const jobs = jobsFor('ada', service);
    const watching = jobs.watch();
    await vi.advanceTimersByTimeAsync(1);
    service.refusal = new VoxcordError('access.denied', 'No.', 403);
    await vi.advanceTimersByTimeAsync(10_000);
    expect([jobs.isHidden, jobs.jobs, jobs.lastResult('a'.repeat(64))]).toEqual([true, null, null]);
    const { refused } = service;
    await vi.advanceTimersByTimeAsync(60_000);
    expect(service.refused).toBe(refused);
    watching.dispose();
  });

  it('are hidden where the service does not tell of them, and asking goes wrong otherwise', async () => {
    const service = new Jobs();
    const jobs = jobsFor('ada', service);
    service.refusal = new VoxcordError('access.denied', 'No.', 403);
    await jobs.load();
    expect([jobs.isHidden, jobs.jobs]).toEqual([true, null]);
    service.refusal = new VoxcordError('connection.lost', 'Gone.');
    await jobs.load();
    expect(jobs.isHidden).toBe(false);
    service.refusal = null;
    await jobs.load();
    expect([jobs.error, jobs.jobs]).toEqual([null, []]);
  });
});

describe('who asked for jobs is told of them', () => {
  async function toldOf(before: readonly ModelJob[], steps: readonly (readonly ModelJob[])[]): Promise<string[][]> {
    const service = new Jobs();
    service.stored = before;
    const models = new VoxcordModels({ api: service.api, me: () => Promise.resolve({ person: ADA } as never) });
    const told: string[][] = [];
    models.ended.connect((_, { jobs }: EndedJobs) => told.push(jobs.map(({ id, state }) => `${id} ${state}`)));
    const jobs = await models.jobsOf(PROJECT);
    expect(await models.jobsOf(PROJECT)).toBe(jobs);
    await jobs.load();
    for (const step of steps) {
      service.stored = step;
      await jobs.load();
    }
    opened.push(jobs);
    return told;
  }

  it('once, when the last one is over', async () => {
    const [a, b] = [job('a'), job('b', { state: 'waiting' })];
    const doneA = job('a', { state: 'done' });
    expect(
      await toldOf(
        [a, b],
        [
          [doneA, job('b')],
          [doneA, job('b', { state: 'failed' })]
        ]
      )
    ).toEqual([['a done', 'b failed']]);
  });

  it('of several that end together too', async () => {
    expect(await toldOf([job('a'), job('b')], [[job('a', { state: 'done' }), job('b', { state: 'done' })]])).toEqual([
      ['a done', 'b done']
    ]);
  });

  it('not of what others asked for, nor of what was cancelled or over before', async () => {
    const others = job('others', { requestedBy: BEN });
    expect(
      await toldOf(
        [others, job('mine'), job('old', { state: 'done' })],
        [[{ ...others, state: 'done' }, job('mine', { state: 'cancelled' }), job('old', { state: 'done' })]]
      )
    ).toEqual([]);
  });
});
