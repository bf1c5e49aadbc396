import type { Case, NewSegment, Project } from '@voxcord/schemas/api';
import { StoreError } from '../store/store.js';
import { findOrCreateCase, findOrCreateProject, findProject } from './cases.js';
import { RefusedError, UsageError } from './commandErrors.js';
import { writeCaseFile } from './caseFile.js';
import { dataFolder, OPERATOR, withStore } from './dataFolder.js';
import { importVolumes } from './importVolumes.js';
import { liverDemo } from './liverDemo.js';
import { operatorProjects } from './operatorProjects.js';
import type { Output } from './output.js';
import type { DemoCase } from './results.js';

export interface DemoOptions {
  readonly data?: string;
  /** T1-weighted head. */
  readonly volume?: string;
  /** The generated liver instead of a head. */
  readonly liver: boolean;
  readonly title?: string;
  readonly caseFile?: string;
}

interface BrainOptions {
  readonly volume: string;
  readonly title: string;
}

const CASE_TITLE = 'T1-weighted head';

/** SNOMED CT codes as in the DICOM segmentation categories. */
const SEGMENTS: readonly NewSegment[] = [
  { name: 'Grey matter', colour: '#e69f00', codes: [sct('389081007', 'Gray matter of brain and spinal cord')] },
  { name: 'White matter', colour: '#56b4e9', codes: [sct('389080008', 'White matter of brain and spinal cord')] },
  { name: 'Ventricles', colour: '#0072b2', codes: [sct('35764002', 'Brain ventricle')] },
  { name: 'Lesion', colour: '#d55e00', codes: [sct('52988006', 'Lesion')] }
];

function sct(value: string, meaning: string): { scheme: string; value: string; meaning: string } {
  return { scheme: 'SCT', value, meaning };
}

interface Demo {
  readonly project: Project;
  readonly case_: Case;
}

/**
 * `voxcord demo`: a project with one case and a shared read that everybody may paint in. Doing it twice makes it once;
 * what is there is found even while a service uses the folder.
 */
export async function demoCommand(options: DemoOptions, output: Output): Promise<void> {
  const folder = dataFolder(options.data);
  if (options.liver) {
    if (options.volume !== undefined) throw new UsageError('The liver is generated: --liver takes no --volume.');
    await liverDemo(folder, options, output);
    return;
  }
  if (options.volume === undefined) throw new UsageError('Give a T1-weighted head with --volume, or --liver.');
  const title = options.title ?? 'Brain demo';
  const { demo, created } = await findOrMake(folder, { volume: options.volume, title }, output);
  const { project, case_ } = demo;
  const read = case_.reads.find(({ access }) => access === 'shared');
  const [volume] = case_.volumes;
  if (read === undefined || volume === undefined) {
    throw new RefusedError('demo.damaged', `The project "${title}" is another one. Choose a --title.`);
  }
  const caseFile = await writeCaseFile(options.caseFile, case_.id, title);
  const result: DemoCase = {
    project: project.id,
    case: case_.id,
    read: read.id,
    volume: volume.hash,
    created,
    caseFile
  };
  output.result(result, `"${project.title}" ${created ? 'is ready' : 'was ready'}: case ${case_.id}`);
}

async function findOrMake(
  folder: string,
  options: BrainOptions,
  output: Output
): Promise<{ demo: Demo; created: boolean }> {
  const there = await findDemo(folder, options.title);
  if (there !== null) return { demo: there, created: false };
  const demo = await withStore(folder, { readOnly: false }, async store => {
    const projects = operatorProjects(store);
    const volumes = await importVolumes(store, projects.volumes, options.volume, 0, output);
    const project = await findOrCreateProject(projects, {
      title: options.title,
      description: 'Everybody may paint in its shared read.',
      segments: [...SEGMENTS],
      everyone: 'reader'
    });
    const hashes = volumes.map(({ hash }) => hash);
    return { project, case_: await findOrCreateCase(projects, project.id, CASE_TITLE, hashes) };
  });
  return { demo, created: true };
}

/** Null if it was not made yet, or there is no data yet. */
async function findDemo(folder: string, title: string): Promise<Demo | null> {
  try {
    return await withStore(folder, { readOnly: true }, async store => {
      const projects = operatorProjects(store);
      const project = await findProject(projects, title);
      if (project === null) return null;
      const cases = await projects.listCases(OPERATOR, project.id);
      const case_ = cases.find(found => found.title === CASE_TITLE);
      return case_ === undefined ? null : { project, case_ };
    });
  } catch (error) {
    if (error instanceof StoreError && error.code === 'unwritable') return null;
    throw error;
  }
}
