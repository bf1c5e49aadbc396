import type { Evaluation } from '@voxcord/schemas/api';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { VoxcordError, type VoxcordApi } from '../../src/client/index.js';
import { EvaluationModel } from '../../src/evaluation/evaluationModel.js';

const RUNNING = { state: 'running', done: 0.5, step: 'Measuring' } as const;
const RELEASES = ['r2', 'r1'].map(id => ({ id, state: 'released', version: '1.0.0', cases: [] }));

function evaluation(id: string, reader: string, progress: Evaluation['progress'] = RUNNING): Evaluation {
  return { id, release: { id: 'r2' }, reader: { username: reader }, missing: 'leave-out', progress } as Evaluation;
}

/** Evaluations as the service keeps them. */
class Service {
  stored = [evaluation('e1', 'ada')];
  asked = 0;
  refusal: VoxcordError | null = null;
  /** Releases whose readers are told late. */
  readonly slow = new Map<string, Promise<void>>();

  readonly api = {
    call: (name: string, input: unknown) => this.answer(name, (input as { params: Record<string, string> }).params)
  } as unknown as VoxcordApi;

  end(): void {
    this.stored = this.stored.map(one => ({ ...one, progress: { state: 'done' } }));
  }

  private async answer(name: string, params: Record<string, string>): Promise<unknown> {
    if (name === 'getEvaluation') this.asked++;
    if (this.refusal !== null) throw this.refusal;
    switch (name) {
      case 'getProject':
        return {};
      case 'listReleases':
        return RELEASES;
      case 'listEvaluations':
        return this.stored;
      case 'listEvaluableReaders': {
        await this.slow.get(params['releaseId'] ?? '');
        return (params['releaseId'] === 'r2' ? ['ada', 'ben'] : ['cleo']).map(username => ({ reader: { username } }));
      }
      case 'getEvaluation':
        return this.stored.find(({ id }) => id === params['evaluationId']);
      default:
        throw new Error(name);
    }
  }
}

let service: Service;
let model: EvaluationModel;

beforeEach(async () => {
  vi.useFakeTimers();
  service = new Service();
  model = new EvaluationModel(service.api, 'p', { release: null, reader: 'ada' });
  await vi.advanceTimersByTimeAsync(100);
});
afterEach(() => {
  model.dispose();
  vi.useRealTimers();
});

describe('an evaluation that is being computed', () => {
  test('is left alone once somebody looks at something else, and followed once when they come back', async () => {
    expect(model.isRunning).toBe(true);
    await model.chooseReader('ben');
    await vi.advanceTimersByTimeAsync(5000);
    expect([model.shown, model.error]).toEqual([null, null]);
    void model.chooseReader('ada');
    void model.chooseReader('ben');
    void model.chooseReader('ada');
    await vi.advanceTimersByTimeAsync(100);
    const { asked } = service;
    await vi.advanceTimersByTimeAsync(5000);
    expect(service.asked - asked).toBe(10);
    service.end();
    await vi.advanceTimersByTimeAsync(1000);
    expect(model.shown?.progress.state).toBe('done');
  });

  test('is followed on after the service could not be reached, and given up when it is not there any more', async () => {
    service.refusal = new VoxcordError('connection.lost', 'Gone.');
    await vi.advanceTimersByTimeAsync(20_000);
    expect(model.error).toBe(service.refusal);
    service.refusal = null;
    await vi.advanceTimersByTimeAsync(5000);
    expect([model.isRunning, model.error]).toEqual([true, null]);
    service.refusal = new VoxcordError('evaluation.unknown', 'There is none.', 404);
    await vi.advanceTimersByTimeAsync(5000);
    expect([model.isRunning, model.error]).toEqual([false, service.refusal]);
    const { asked } = service;
    await vi.advanceTimersByTimeAsync(20_000);
    expect(service.asked).toBe(asked);
  });
});

test('the readers on show are those of the release on show, whichever answer comes last', async () => {
  let answer = (): void => undefined;
  service.slow.set('r1', new Promise(resolve => (answer = resolve)));
  void model.chooseRelease('r1');
  void model.chooseRelease('r2');
  await vi.advanceTimersByTimeAsync(100);
  answer();
  await vi.advanceTimersByTimeAsync(100);
  expect(model.release).toBe('r2');
  expect(model.readers.map(({ reader }) => reader.username)).toEqual(['ada', 'ben']);
});
