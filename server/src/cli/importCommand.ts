import path from 'node:path';
import type { ImportedCase } from './results.js';
import { findOrCreateCase, findOrCreateProject } from './cases.js';
import { dataFolder, withStore } from './dataFolder.js';
import { RefusedError } from './commandErrors.js';
import { importVolumes } from './importVolumes.js';
import type { Output } from './output.js';
import { operatorProjects } from './operatorProjects.js';

export interface ImportOptions {
  readonly data?: string;
  readonly project: string;
  readonly case?: string;
  readonly frame?: number;
}

const MOST_VOLUMES = 32;

/** `voxcord import FILE`: volumes, and a case with a shared read for them. Doing it twice makes it once. */
export async function importCommand(file: string, options: ImportOptions, output: Output): Promise<void> {
  await withStore(dataFolder(options.data), { readOnly: false }, async store => {
    const projects = operatorProjects(store);
    const volumes = await importVolumes(store, projects.volumes, file, options.frame ?? null, output);
    const hashes = volumes.map(({ hash }) => hash);
    if (hashes.length > MOST_VOLUMES) {
      throw new RefusedError(
        'case.too-many-volumes',
        `The file holds ${hashes.length} volumes and a case at most ${MOST_VOLUMES}. Name one with --frame.`
      );
    }
    const project = await findOrCreateProject(projects, { title: options.project, everyone: 'reader' });
    const title = (options.case ?? path.basename(file).replace(/\.nii(\.gz)?$/i, '')).slice(0, 200);
    const made = await findOrCreateCase(projects, project.id, title, hashes);
    const result: ImportedCase = {
      volumes: hashes,
      project: project.id,
      case: made.id,
      reads: made.reads.map(({ id }) => id)
    };
    output.result(result, `Case ${made.id} in "${project.title}"\nVolumes ${hashes.join(' ')}`);
  });
}
