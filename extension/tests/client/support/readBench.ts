import type { Read, Volume } from '@voxcord/schemas/api';
import type { PaintedRegion } from '@voxcord/schemas/labelmap';
import { expect } from 'vitest';
import { labelsToNifti } from '../../../src/case/labelsFile.js';
import type { VoxcordApi } from '../../../src/client/api.js';
import { ReadSession } from '../../../src/client/readSession.js';
import type { UnsavedStore } from '../../../src/client/unsavedStore.js';
import { importVolumes } from '../../../src/service/volumeImport.js';
import { Service, type ServicePolicy } from './service.js';

export const DIMS = [24, 20, 16] as const;
const GRID = { dims: [...DIMS] as [number, number, number], affine: [1, 0, 0, -12, 0, 1, 0, -10, 0, 0, 2, -16] };
const PROJECT = 'Livers';
export const CASE = 'Liver 017';

/** A service with a small volume and two people who paint on it. */
export class ReadBench {
  private readonly open: ReadSession[] = [];

  private constructor(
    readonly service: Service,
    readonly ada: VoxcordApi,
    readonly ben: VoxcordApi,
    readonly volume: Volume,
    /** The file that the volume was imported from. */
    readonly phantom: Uint8Array<ArrayBuffer>,
    private readonly projectId: string
  ) {}

  static async start(policy?: ServicePolicy): Promise<ReadBench> {
    const service = new Service(policy);
    const voxels = Uint8Array.from({ length: DIMS[0] * DIMS[1] * DIMS[2] }, (_, n) => n % 251);
    const phantom = labelsToNifti(voxels, { grid: GRID, spacing: [1, 1, 2] } as unknown as Volume);
    service.write('phantom.nii', phantom);
    await service.start();
    const ada = await service.apiFor('ada');
    const ben = await service.apiFor('ben');
    const [volume] = (await importVolumes(ada, { kind: 'path', path: 'phantom.nii' })) as [Volume];
    const project = await ada.call('createProject', {
      body: { title: PROJECT, segments: [{ name: 'Liver' }, { name: 'Nodule' }], everyone: 'reader' }
    });
    return new ReadBench(service, ada, ben, volume, phantom, project.id);
  }

  /** A new case with a shared read, by Ada. */
  async newRead(): Promise<Read> {
    const started = await this.ada.call('createCase', {
      params: { projectId: this.projectId },
      body: { title: CASE, volumes: [this.volume.hash], access: 'shared' }
    });
    return started.reads[0] as Read;
  }

  async join(api: VoxcordApi, read: Read, store: UnsavedStore | null = null, anyEpoch = false): Promise<ReadSession> {
    const me = await api.call('me', {});
    const { volume } = this;
    const session = await ReadSession.open({ api, me, read, volume, caseTitle: CASE, store, anyEpoch });
    this.open.push(session);
    return session;
  }

  leaveAll(): void {
    for (const session of this.open.splice(0)) session.dispose();
  }

  async dispose(): Promise<void> {
    this.leaveAll();
    await this.service.dispose();
  }
}

export async function saved(...sessions: ReadSession[]): Promise<void> {
  for (const session of sessions) await expect.poll(() => session.saveState.kind).toBe('saved');
}

/** The folded labels of a session, to compare. */
export function bitmap(session: ReadSession): string {
  return Buffer.from(session.labels.bitmap).toString('base64');
}

/** Waits until two pages show the same labels; either may be behind the other. */
export async function showTheSame(one: ReadSession, other: ReadSession): Promise<void> {
  await expect.poll(() => bitmap(one) === bitmap(other)).toBe(true);
}

export function block(min: [number, number, number], max: [number, number, number]): PaintedRegion {
  const size = [0, 1, 2].map(axis => (max[axis] ?? 0) - (min[axis] ?? 0) + 1);
  return { box: { min, max }, mask: new Uint8Array(size.reduce((a, b) => a * b)).fill(1) };
}
