import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Case, NewSegment, Project } from '@voxcord/schemas/api';
import {
  generatePhase,
  LIVER,
  NODULE,
  planPhantom,
  READER_PROFILES,
  SimulatedReaders,
  type PhantomPhase,
  type PhantomPlan,
  type ReaderProfileName
} from '../phantom/index.js';
import { readProject } from '../projects/records.js';
import { StoreError } from '../store/store.js';
import { writeCaseFile } from './caseFile.js';
import { RefusedError } from './commandErrors.js';
import { OPERATOR, withStore } from './dataFolder.js';
import { importVolumes } from './importVolumes.js';
import { operatorProjects } from './operatorProjects.js';
import type { Output } from './output.js';
import { writeVolume } from './phantomFiles.js';
import type { LiverDemo } from './results.js';
import { readTogether, type PlannedRead } from './simulatedStudy.js';

const TITLE = 'Liver nodules (phantom)';
const CASE_TITLE = 'Phantom 7: portal venous and late arterial';

/** A nodule of each size: one is easily missed, one is plain, one is large. */
const PHANTOM = { seed: 7, noduleDiameters: [8, 15, 26], spacing: [0.98, 0.98, 4] } as const;

const READERS: readonly { readonly name: string; readonly profile: ReaderProfileName; readonly seed: number }[] = [
  { name: 'Simulated reader A', profile: 'expert', seed: 71 },
  { name: 'Simulated reader B', profile: 'tight', seed: 72 },
  { name: 'Simulated reader C', profile: 'generous', seed: 73 }
];

/** SNOMED CT codes as in the DICOM segmentation categories. */
const SEGMENTS: readonly NewSegment[] = [
  {
    number: LIVER,
    name: 'Liver',
    colour: '#e69f00',
    codes: [{ scheme: 'SCT', value: '10200004', meaning: 'Liver' }]
  },
  {
    number: NODULE,
    name: 'Nodule (lesion)',
    colour: '#d55e00',
    codes: [{ scheme: 'SCT', value: '300331000', meaning: 'Lesion of liver' }]
  }
];

export interface LiverDemoOptions {
  readonly title?: string;
  readonly caseFile?: string;
}

/**
 * `voxcord demo --liver`: a study on a generated liver, with its protocol locked and three blind reads submitted, so that
 * consensus and review can be opened at once. Doing it twice makes it once; what is there is found even while a service
 * uses the folder. Whenever it is interrupted, the study is there whole or not to be seen.
 */
export async function liverDemo(folder: string, options: LiverDemoOptions, output: Output): Promise<void> {
  const title = options.title ?? TITLE;
  const there = await findStudy(folder, title);
  const case_ = there ?? (await makeStudy(folder, title, output));
  const result: LiverDemo = {
    project: case_.projectId,
    case: case_.id,
    volumes: case_.volumes.map(({ hash }) => hash),
    reads: case_.reads.map(({ id }) => id),
    created: there === null,
    caseFile: await writeCaseFile(options.caseFile, case_.id, title)
  };
  output.result(result, `"${title}" ${result.created ? 'is ready' : 'was ready'}: case ${case_.id}`);
}

/** Null if it was not made yet, or not to its end, or there is no data yet. Rejects with `RefusedError`. */
async function findStudy(folder: string, title: string): Promise<Case | null> {
  try {
    return await withStore(folder, { readOnly: true }, async store => {
      const projects = operatorProjects(store);
      const all = await projects.listProjects(OPERATOR);
      // What nobody is let into was interrupted while it was made: it stays out of sight, and another one is made.
      const project = all.find(
        each => each.title === title && each.createdBy === OPERATOR.username && each.everyone !== null
      );
      if (project === undefined) return null;
      const cases = await projects.listCases(OPERATOR, project.id);
      const found = cases.find(case_ => case_.title === CASE_TITLE);
      if (found !== undefined) return found;
      throw new RefusedError('demo.damaged', `The project "${title}" is another one. Choose a --title.`);
    });
  } catch (error) {
    if (error instanceof StoreError && error.code === 'unwritable') return null;
    throw error;
  }
}

async function makeStudy(folder: string, title: string, output: Output): Promise<Case> {
  const plan = planPhantom(PHANTOM);
  output.note('Generating the portal venous phase');
  const portal = generatePhase(plan, 'portal');
  output.note('Generating the late arterial phase');
  const arterial = generatePhase(plan, 'arterial');
  const { project, case_ } = await importCase(folder, title, plan, [portal, arterial], output);
  const readers = new SimulatedReaders(plan, portal);
  const reads = READERS.map(({ name, profile, seed }): PlannedRead => {
    return { name, labels: readers.read(READER_PROFILES[profile], seed).labels };
  });
  output.note('Three simulated readers read, submit and sign');
  await readTogether(folder, project, case_.id, plan.grid.dims, reads);
  await letEverybodyIn(folder, project.id);
  return withStore(folder, { readOnly: true }, store => operatorProjects(store).getCase(OPERATOR, case_.id));
}

/**
 * The last step: from here on the demonstration is there. Everybody manages it, so that whoever comes may open consensus
 * and review.
 */
async function letEverybodyIn(folder: string, projectId: string): Promise<void> {
  await withStore(folder, { readOnly: false }, async ({ catalogue }) => {
    const project = await catalogue.get('project', projectId);
    await catalogue.replace('project', projectId, project, { ...readProject(project), everyone: 'manager' });
  });
}

/** Nobody is let in before all of it is there. */
async function importCase(
  folder: string,
  title: string,
  plan: PhantomPlan,
  phases: readonly PhantomPhase[],
  output: Output
): Promise<{ project: Project; case_: Case }> {
  const scratch = await mkdtemp(path.join(tmpdir(), 'voxcord-liver-'));
  try {
    return await withStore(folder, { readOnly: false }, async store => {
      const projects = operatorProjects(store);
      const hashes: string[] = [];
      for (const { phase, image } of phases) {
        const file = await writeVolume(path.join(scratch, `${phase}.nii`), plan.grid, 'int16', image);
        const volumes = await importVolumes(store, projects.volumes, file, null, output);
        hashes.push(...volumes.map(({ hash }) => hash));
      }
      const project = await projects.createProject(OPERATOR, {
        title,
        description: 'A generated liver CT, read by three simulated readers. No patient has this liver.',
        segments: [...SEGMENTS],
        everyone: null
      });
      return {
        project,
        case_: await projects.createCase(OPERATOR, project.id, { title: CASE_TITLE, volumes: hashes })
      };
    });
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}
