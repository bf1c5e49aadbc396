import { cpSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Proposal, PromptPlace } from '@voxcord/schemas/api';
import { affineFromRows, transformPoint, type Vector } from '@voxcord/schemas/geometry';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openEmbeddedStore } from '../../src/store/embedded/openEmbeddedStore.js';
import { readRevision } from '../../src/studies/records.js';
import { TestService, type Caller } from '../http/testService.js';
import { Study } from '../studies/support/study.js';

const FIXTURES = fileURLToPath(new URL('./fixtures/', import.meta.url));
const GEODESIC = { kind: 'geodesic' } as const;
const NEARER = { kind: 'model', name: 'nearer', version: '1.0.0' } as const;
const BALL = { radius: 9, value: 300, around: 40 };

/** Voxel to world of files whose axes run elsewhere: flipped and turned round, oblique, with unequal steps. */
const GRIDS = {
  'left to right, thick slices': { dims: [36, 34, 20], affine: [-1.2, 0, 0, 20, 0, -1.2, 0, 20, 0, 0, 2.5, -25] },
  'axes in another order': { dims: [24, 36, 34], affine: [0, 1.1, 0, -18, 0, 0, 1.3, -22, -2, 0, 0, 30] },
  oblique: {
    dims: [36, 36, 28],
    affine: [0.96, -0.28, 0, -12, 0.28, 0.96, 0, -24, 0, 0, 1.6, -20]
  }
} as const;

let service: TestService;
let ada: Caller;
beforeAll(async () => {
  service = await TestService.start();
  for (const name of ['nearer', 'nan']) {
    cpSync(path.join(FIXTURES, name), path.join(service.folder, 'data', 'models', name), { recursive: true });
  }
  ada = service.as('ada');
});
afterAll(() => service.stop());

interface Made {
  readonly readId: string;
  readonly hash: string;
  /** World mm of the ball's middle. */
  readonly middle: Vector;
}

/** A case on a volume with a ball in its middle, and a shared read. */
async function caseWithBall({ dims, affine }: { dims: readonly number[]; affine: readonly number[] }): Promise<Made> {
  const toWorld = affineFromRows(affine);
  const middle = transformPoint(toWorld, [(dims[0] ?? 0) / 2, (dims[1] ?? 0) / 2, (dims[2] ?? 0) / 2]);
  const voxels: number[] = [];
  for (let k = 0; k < (dims[2] ?? 0); k++) {
    for (let j = 0; j < (dims[1] ?? 0); j++) {
      for (let i = 0; i < (dims[0] ?? 0); i++) {
        const at = transformPoint(toWorld, [i, j, k]);
        const away = Math.hypot(at[0] - middle[0], at[1] - middle[1], at[2] - middle[2]);
        voxels.push(i < 2 ? -1000 : away <= BALL.radius ? BALL.value : BALL.around + ((i * 7 + j * 5 + k * 3) % 11));
      }
    }
  }
  const hash = await ada.volume({ dims, affine, voxels });
  const project = await ada.project();
  const made = await ada.call('createCase', {
    params: { projectId: project.id },
    body: { title: 'Ball', volumes: [hash], access: 'shared' }
  });
  const [read] = made.reads;
  if (read === undefined) throw new Error('The case has no read.');
  return { readId: read.id, hash, middle };
}

function propose(made: Made, places: PromptPlace[], method: object = GEODESIC, who = ada): Promise<Proposal> {
  return who.call('propose', { params: { readId: made.readId }, body: { volume: made.hash, method, places } });
}

function on(world: Vector): PromptPlace {
  return { world: [...world], on: true };
}

/** Middle of the proposed voxels in the world, and how many ml they are, by the grid that the service serves. */
async function measured(made: Made, { runs }: Proposal): Promise<{ middle: Vector; voxels: number }> {
  const { grid } = await ada.call('getVolume', { params: { volumeHash: made.hash } });
  const [ni, nj] = grid.dims;
  const sum: [number, number, number] = [0, 0, 0];
  let voxels = 0;
  for (let n = 0; n < runs.length; n += 2) {
    for (let index = runs[n] ?? 0; index < (runs[n] ?? 0) + (runs[n + 1] ?? 0); index++) {
      const at = [index % ni, Math.floor(index / ni) % nj, Math.floor(index / (ni * nj))] as const;
      transformPoint(affineFromRows(grid.affine), at).forEach((value, axis) => (sum[axis as 0 | 1 | 2] += value));
      voxels += 1;
    }
  }
  return { middle: [sum[0] / voxels, sum[1] / voxels, sum[2] / voxels], voxels };
}

describe('a proposal', () => {
  test.each(Object.keys(GRIDS) as (keyof typeof GRIDS)[])('lies where one has pointed in the world: %s', async name => {
    const made = await caseWithBall(GRIDS[name]);
    const proposal = await propose(made, [on(made.middle)]);
    const { middle, voxels } = await measured(made, proposal);
    for (const axis of [0, 1, 2] as const) expect(Math.abs(middle[axis] - made.middle[axis])).toBeLessThan(1);
    expect(proposal.voxels).toBe(voxels);
    const exact = ((4 / 3) * Math.PI * BALL.radius ** 3) / 1000;
    expect(proposal.volumeMl).toBeGreaterThan(0.85 * exact);
    expect(proposal.volumeMl).toBeLessThan(1.15 * exact);
    expect(proposal.isCut).toBe(false);
    // The same places, the same proposal.
    expect((await propose(made, [on(made.middle)])).runs).toEqual(proposal.runs);
  });

  test('is of whoever may paint in the read, a blinded reader too, and of nobody else', async () => {
    const made = await caseWithBall(GRIDS['left to right, thick slices']);
    const { caseId } = await ada.call('getRead', { params: { readId: made.readId } });
    const bob = service.as('bob');
    const blind = await bob.call('createRead', { params: { caseId }, body: { access: 'blind' } });
    expect((await propose({ ...made, readId: blind.id }, [on(made.middle)], GEODESIC, bob)).voxels).toBeGreaterThan(0);
    const input = { body: { volume: made.hash, method: GEODESIC, places: [on(made.middle)] } };
    const refused = await ada.problem('propose', { params: { readId: blind.id }, ...input });
    // To her that read does not even exist.
    expect([refused.status, refused.code]).toEqual([404, 'read.unknown']);
    const unknown = await ada.problem('propose', { params: { readId: crypto.randomUUID() }, ...input });
    expect(unknown.code).toBe('read.unknown');
  });

  test('says what is wrong with places, volumes and models', async () => {
    const made = await caseWithBall(GRIDS.oblique);
    const other = await ada.volume({ dims: [5, 5, 5] });
    const problem = async (body: object): Promise<string> => {
      const whole = { volume: made.hash, method: GEODESIC, places: [on(made.middle)], ...body };
      return (await ada.problem('propose', { params: { readId: made.readId }, body: whole })).code;
    };
    expect(await problem({ places: [{ ...on(made.middle), on: false }] })).toBe('proposal.no-place');
    expect(await problem({ places: [on([500, 0, 0])] })).toBe('proposal.outside');
    expect(await problem({ volume: other })).toBe('volume.unknown');
    expect(await problem({ method: { ...NEARER, name: 'nobody' } })).toBe('model.unknown');
    expect(await problem({ places: [] })).toBe('request.invalid');
  });

  test('of a model is told of in the audit log and in the revision, once, whatever becomes of it; grey values are no model', async () => {
    const study = await Study.start(service, { ada: 'reader' });
    await study.assign(['ada']);
    const { id: readId } = await study.begin('ada');
    const [volume] = study.case_.volumes;
    const { dims, affine } = volume?.grid ?? { dims: [0, 0, 0], affine: [] };
    const middle = transformPoint(affineFromRows(affine), [dims[0] / 2, dims[1] / 2, dims[2] / 2]);
    const made = { readId, hash: volume?.hash ?? '', middle };
    const told = async (): Promise<object[]> => {
      const events = await study.lead.call('listAuditEvents', { params: { projectId: study.project.id } });
      return events.filter(({ action }) => action === 'read.proposals-by-model').map(({ details }) => details);
    };
    await propose(made, [on(middle)]);
    expect(await told()).toEqual([]);
    await Promise.all([propose(made, [on(middle)], NEARER).catch(() => null), propose(made, [on(middle)], NEARER)]);
    await propose(made, [on(middle)], NEARER);
    const model = { name: 'nearer', version: '1.0.0' };
    const details = { model, proposals: true, by: 'ada' };
    expect(await told()).toMatchObject([{ ...details, case: study.case_.id }]);
    const { hash } = await study.submit('ada');
    const store = await openEmbeddedStore(path.join(service.folder, 'data'), { readOnly: true });
    const { manifest } = readRevision(await store.catalogue.get('revision', hash));
    await store.close();
    expect(manifest.origins).toMatchObject([{ kind: 'model', name: 'model:nearer@1.0.0', details }]);
    const { models } = await ada.call('listModels');
    expect(manifest.origins[0]?.sha256).toBe(models.find(({ file }) => file.name === 'nearer')?.sha256);
    const input = { volume: made.hash, method: NEARER, places: [on(middle)] };
    expect((await ada.problem('propose', { params: { readId }, body: input })).code).toBe('access.denied');
  });

  test('of a model that answers clicks is its answer; a newer one of the same person has the older one given up', async () => {
    const made = await caseWithBall(GRIDS.oblique);
    const found = await propose(made, [on(made.middle)], NEARER);
    expect(found.voxels).toBeGreaterThan(0);
    const { middle } = await measured(made, found);
    for (const axis of [0, 1, 2] as const) expect(Math.abs(middle[axis] - made.middle[axis])).toBeLessThan(1);
    const input = (place: PromptPlace): object => ({
      params: { readId: made.readId },
      body: { volume: made.hash, method: GEODESIC, places: [place] }
    });
    const answers = await Promise.all([
      ...Array.from({ length: 4 }, () => ada.send('propose', input(on(made.middle)))),
      service.as('cleo').send('propose', input(on(made.middle)))
    ]);
    const statuses = answers.map(({ status }) => status);
    expect(statuses.slice(0, 4).filter(status => status === 200).length).toBeGreaterThanOrEqual(1);
    expect(statuses.slice(0, 4).every(status => status === 200 || status === 409)).toBe(true);
    // Somebody else's is none of them.
    expect(statuses[4]).toBe(200);
    await Promise.all(answers.map(answer => answer.arrayBuffer()));
  });
});
