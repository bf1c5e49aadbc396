import { rmSync } from 'node:fs';
import type { ModelJob, Read } from '@voxcord/schemas/api';
import type { Caller } from '../../http/testService.js';
import { unpack } from '../support/truth.js';
import { placeFixture, temporaryFolder } from '../../models/modelFolders.js';

/** A folder of models, for a service that takes them for those that come with the program. */
export class ModelShelf {
  private constructor(
    readonly folder: string,
    private readonly removeAll: () => void
  ) {}

  static with(...names: readonly string[]): ModelShelf {
    const { folder, remove } = temporaryFolder();
    const shelf = new ModelShelf(folder, remove);
    for (const name of names) shelf.place(name);
    return shelf;
  }

  place(name: string, as = name, changes: object | null = null): void {
    if (changes === null) placeFixture(this.folder, name, as);
    else placeFixture(this.folder, name, as, file => ({ ...file, ...changes }));
  }

  take(name: string): void {
    rmSync(`${this.folder}/${name}`, { recursive: true });
  }

  remove(): void {
    this.removeAll();
  }
}

export function wanted(model: string, cases: readonly string[], priority = 'now'): object {
  return { model: { name: model, version: '1.0.0' }, cases, priority };
}

/** Asks for a run on one case. */
export async function ask(
  caller: Caller,
  projectId: string,
  caseId: string,
  model = 'threshold',
  priority = 'now'
): Promise<ModelJob> {
  const body = wanted(model, [caseId], priority);
  const [job] = await caller.call('startModelJobs', { params: { projectId }, body });
  if (job === undefined) throw new Error('There is no job.');
  return job;
}

/** The job once `isThere` holds. */
export async function jobWhen(caller: Caller, jobId: string, isThere: (job: ModelJob) => boolean): Promise<ModelJob> {
  for (;;) {
    const job = await caller.call('getModelJob', { params: { jobId } });
    if (isThere(job)) return job;
    await new Promise(resolve => setTimeout(resolve, 20));
  }
}

export function ended(caller: Caller, { id }: Pick<ModelJob, 'id'>): Promise<ModelJob> {
  return jobWhen(caller, id, ({ state }) => state !== 'waiting' && state !== 'running');
}

export async function modelReads(caller: Caller, caseId: string): Promise<Read[]> {
  const { reads } = await caller.call('getCase', { params: { caseId } });
  return reads.filter(({ purpose }) => purpose === 'model');
}

/** Labels of a read as its room serves them, one byte per voxel. Nobody has painted in it. */
export async function labelsOf(caller: Caller, readId: string): Promise<Uint8Array> {
  const { head, base } = await caller.call('getLabelMapHead', { params: { readId } });
  const snapshot = head ?? base;
  if (snapshot === null) throw new Error('The read has nothing in it.');
  const pack = await caller.send('getLabelMapPack', { params: { readId, snapshotHash: snapshot.hash } });
  return unpack(snapshot, new Uint8Array(await pack.arrayBuffer()));
}
