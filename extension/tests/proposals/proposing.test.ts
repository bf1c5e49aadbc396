import type { NewProposal, Proposal } from '@voxcord/schemas/api';
import { describe, expect, test } from 'vitest';
import { VoxcordError, type VoxcordApi } from '../../src/client/index.js';
import { Proposing } from '../../src/proposals/proposing.js';
import { RunVoxels } from '../../src/proposals/runVoxels.js';
import type { Pointed, Vector } from '../../src/viewer/contracts.js';

const SUBJECT = { readId: 'read', volume: 'a'.repeat(64), dims: [4, 3, 2] } as const;

interface Asked {
  readonly body: NewProposal;
  answer(proposal: Proposal): void;
  fail(error: Error): void;
}

/** A server whose answers come when a test wants them. */
function slowServer(): { api: Pick<VoxcordApi, 'call'>; asked: Asked[] } {
  const asked: Asked[] = [];
  const call = (_: string, input: unknown): Promise<unknown> =>
    new Promise((resolve, reject) => {
      const { body } = input as { body: NewProposal };
      asked.push({ body, answer: resolve, fail: reject });
    });
  return { api: { call } as Pick<VoxcordApi, 'call'>, asked };
}

const proposalOf = (...runs: number[]): Proposal => ({
  runs,
  voxels: runs.filter((_, n) => n % 2 === 1).reduce((sum, length) => sum + length, 0),
  volumeMl: 1,
  isCut: false,
  milliseconds: 1
});
const pointed = (on: boolean, ...places: Vector[]): Pointed => ({ places, on });
const settled = (): Promise<void> => new Promise(resolve => setTimeout(resolve, 0));

describe('proposing', () => {
  test('asks with all places so far, and only the answer to the newest question counts', async () => {
    const { api, asked } = slowServer();
    const proposing = new Proposing(api);
    proposing.setSubject(SUBJECT);
    proposing.point(pointed(true, [1, 2, 3]));
    proposing.point(pointed(false, [4, 5, 6], [7, 8, 9]));
    expect(asked.map(({ body }) => body.places)).toEqual([
      [{ world: [1, 2, 3], on: true }],
      [
        { world: [1, 2, 3], on: true },
        { world: [4, 5, 6], on: false },
        { world: [7, 8, 9], on: false }
      ]
    ]);
    asked[1]?.answer(proposalOf(5, 2));
    asked[0]?.answer(proposalOf(0, 9));
    await settled();
    expect(proposing.proposed?.proposal.runs).toEqual([5, 2]);
    expect(proposing.isAsking).toBe(false);

    proposing.takeBack();
    expect(asked[2]?.body.places).toEqual([{ world: [1, 2, 3], on: true }]);
    proposing.takeBack();
    expect([proposing.isActive, proposing.isAsking, proposing.proposed]).toEqual([false, false, null]);
  });

  test('tells of each answer of a model, one that came too late too, and of no other', async () => {
    const { api, asked } = slowServer();
    const proposing = new Proposing(api);
    let told = 0;
    proposing.modelAnswered.connect(() => (told += 1));
    proposing.setSubject(SUBJECT);
    proposing.point(pointed(true, [1, 2, 3]));
    asked[0]?.answer(proposalOf(5, 2));
    await settled();
    expect(told).toBe(0);
    proposing.method = { kind: 'model', name: 'click-tiny', version: '1.0.0' };
    proposing.point(pointed(true, [4, 5, 6]));
    asked[1]?.answer(proposalOf(5, 2));
    await settled();
    expect([told, proposing.isAsking]).toEqual([1, true]);
    asked[2]?.fail(new VoxcordError('connection.lost', 'Nobody answers.'));
    await settled();
    expect(told).toBe(1);
  });

  test('takes nothing away before there is something, and ends with the read or the volume', () => {
    const { api, asked } = slowServer();
    const proposing = new Proposing(api);
    proposing.setSubject(SUBJECT);
    expect(proposing.point(pointed(false, [1, 2, 3]))).toBe(false);
    expect(asked).toEqual([]);
    proposing.point(pointed(true, [1, 2, 3]));
    proposing.setSubject({ ...SUBJECT });
    expect(proposing.isActive).toBe(true);
    proposing.setSubject({ ...SUBJECT, volume: 'b'.repeat(64) });
    expect(proposing.isActive).toBe(false);
  });

  test('thins long scribbles out evenly, and keeps the places when the server cannot be asked', async () => {
    const { api, asked } = slowServer();
    const proposing = new Proposing(api);
    proposing.setSubject(SUBJECT);
    proposing.point(pointed(true, ...Array.from({ length: 10_000 }, (_, n): Vector => [n, 0, 0])));
    const places = asked[0]?.body.places ?? [];
    expect(places).toHaveLength(4096);
    expect(places[0]?.world[0]).toBe(0);
    expect(places.at(-1)?.world[0]).toBeGreaterThan(9990);
    asked[0]?.fail(new VoxcordError('connection.lost', 'Nobody answers.'));
    await settled();
    expect(proposing.problem).toBeInstanceOf(VoxcordError);
    expect(proposing.isActive).toBe(true);
  });
});

describe('a proposal on a grid', () => {
  // The second run goes on in the next row.
  const voxels = new RunVoxels([4, 3, 2], [1, 2, 7, 3, 13, 1]);

  test('is painted where it is, less what may not be painted over', () => {
    const region = voxels.regionToPaint(undefined);
    expect(region?.box).toEqual({ min: [0, 0, 0], max: [3, 2, 1] });
    const whole = Array.from({ length: 24 }, (_, n) => ([1, 2, 7, 8, 9, 13].includes(n) ? 1 : 0));
    expect([...(region?.mask ?? [])]).toEqual(whole);
    const rest = voxels.regionToPaint(index => index > 2);
    expect([...(rest?.mask ?? [])]).toEqual(whole.map((value, n) => (n > 2 ? value : 0)));
    expect(voxels.regionToPaint(() => false)).toBeNull();
    expect(new RunVoxels([4, 3, 2], []).regionToPaint(undefined)).toBeNull();
  });

  test('is drawn slice by slice', () => {
    expect([...(voxels.slice('axial', 0)?.values ?? [])]).toEqual([0, 1, 1, 0, 0, 0, 0, 1, 1, 1, 0, 0]);
    expect([...(voxels.slice('coronal', 0)?.values ?? [])]).toEqual([0, 1, 1, 0, 0, 1, 0, 0]);
    expect([...(voxels.slice('sagittal', 1)?.values ?? [])]).toEqual([1, 0, 1, 1, 0, 0]);
  });
});
