import { execFile } from 'node:child_process';
import { cp, rm } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import type { Case, ModelJob, Project, Read, Volume } from '@voxcord/schemas/api';
import { expect } from '@playwright/test';
import { python, root } from '../../scripts/support/project.mjs';
import type { Deployment, TestCase } from './deployment.js';
import { CT_BALLS } from './nibabel.js';
import { ballsIn } from './submittedReads.js';

const run = promisify(execFile);
const FIXTURES = path.join(root, 'server', 'tests', 'models', 'fixtures');

/** Networks of a few bytes that do what their names say. */
export type FixtureModel = 'threshold' | 'slow' | 'never-ends-later' | 'nan-later' | 'wrong-hash' | 'click-distance';

/** Puts a model folder where the service looks for models, as whoever runs it does. */
export async function dropModel(deployment: Deployment, name: FixtureModel): Promise<void> {
  await cp(path.join(FIXTURES, name), path.join(modelsFolder(deployment), name), { recursive: true });
}

export async function takeModelAway(deployment: Deployment, name: FixtureModel): Promise<void> {
  await rm(path.join(modelsFolder(deployment), name), { recursive: true, force: true });
}

/** A ZIP archive of a model folder. Answers its path. */
export async function zipModel(deployment: Deployment, name: FixtureModel): Promise<string> {
  const archive = path.join(deployment.layout.folder, `${name}.zip`);
  await run(python, ['-m', 'zipfile', '-c', archive, path.join(FIXTURES, name)]);
  return archive;
}

function modelsFolder(deployment: Deployment): string {
  return path.join(deployment.layout.data, 'models');
}

/** A case on the CT with a shared read, in a project whose segments are those of the models. */
export async function newCtCase(deployment: Deployment, title: string): Promise<TestCase & { project: Project }> {
  const volumeFile = deployment.volumes.ct;
  const volume: Volume = await deployment.importVolume(path.basename(volumeFile.path));
  expect(volume.modality).toBe('CT');
  const project = await deployment.call<Project>('ada', 'POST', '/projects', {
    title,
    segments: [
      { name: 'Liver', colour: '#56b4e9', codes: [{ scheme: 'SCT', value: '10200004', meaning: 'Liver' }] },
      { name: 'Nodule', colour: '#e69f00', codes: [{ scheme: 'SCT', value: '27925004', meaning: 'Nodule' }] }
    ],
    everyone: 'reader'
  });
  const created = await deployment.call<Case>('ada', 'POST', `/projects/${project.id}/cases`, {
    title: `Case of ${title}`,
    volumes: [volume.hash],
    access: 'shared'
  });
  const [read] = created.reads;
  if (read === undefined) throw new Error('The case has no read.');
  return { case: created, project, read, volume, volumeFile, file: '' };
}

/** What `threshold` and `slow` label on the CT: i fastest. */
export function thresholdLabels({ grid }: Volume): Uint8Array {
  return ballsIn(grid.dims, CT_BALLS);
}

/** Jobs of a project, the newest first. */
export function jobsOf(deployment: Deployment, projectId: string): Promise<ModelJob[]> {
  return deployment.call<ModelJob[]>('ada', 'GET', `/projects/${projectId}/model-jobs`);
}

/** Reads by models in a case, as Ada sees them. */
export async function modelReads(deployment: Deployment, caseId: string): Promise<Read[]> {
  const { reads } = await deployment.call<Case>('ada', 'GET', `/cases/${caseId}`);
  return reads.filter(({ purpose }) => purpose === 'model');
}

/** Has a model run on a case and waits until its read is there. */
export async function runModel(
  deployment: Deployment,
  { projectId, id }: Pick<Case, 'projectId' | 'id'>,
  name: FixtureModel
): Promise<Read> {
  await deployment.call('ada', 'POST', `/projects/${projectId}/model-jobs`, {
    model: { name, version: '1.0.0' },
    cases: [id],
    priority: 'now'
  });
  await expect.poll(async () => (await modelReads(deployment, id)).length, { timeout: 60_000 }).toBe(1);
  const [read] = await modelReads(deployment, id);
  if (read === undefined) throw new Error('There is no read by a model.');
  return read;
}
