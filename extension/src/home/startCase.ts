import type { Contents } from '@jupyterlab/services';
import type { Case, Project } from '@voxcord/schemas/api';
import { formatCaseFile } from '@voxcord/schemas/files';
import { VoxcordError } from '../client/index.js';
import { importVolumes } from '../service/volumeImport.js';
import type { VoxcordService } from '../service/voxcordService.js';

export interface StartOptions {
  readonly signal: AbortSignal;
  readonly onProgress: (fraction: number) => void;
  /** Title of the project that is made for somebody who manages none. */
  readonly newProjectTitle: string;
  readonly firstSegment: string;
}

export interface StartedCase {
  readonly case: Case;
  /** The `.voxcord` file that leads to it. */
  readonly path: string;
}

/** Imports the NIfTI file at `path`, starts a case with a shared read on it and writes a `.voxcord` file beside it. */
export async function startCase(
  service: VoxcordService,
  contents: Contents.IManager,
  path: string,
  options: StartOptions
): Promise<StartedCase> {
  const volumes = await importVolumes(service.api, contents.localPath(path), options);
  const title = titleFrom(path);
  const project = await projectForNewCases(service, options);
  const started = await service.api.call('createCase', {
    params: { projectId: project.id },
    body: { title, volumes: volumes.map(({ hash }) => hash), access: 'shared' }
  });
  const file = await writeCaseFile(contents, path, started);
  service.noteNewCase();
  return { case: started, path: file };
}

/** Writes a file that leads to `opened` beside the file at `neighbour`, under a name that is free. */
export async function writeCaseFile(contents: Contents.IManager, neighbour: string, opened: Case): Promise<string> {
  const folder = neighbour.includes('/') ? neighbour.slice(0, neighbour.lastIndexOf('/') + 1) : '';
  const content = formatCaseFile({ voxcord: 1, case: opened.id, title: opened.title });
  const name = opened.title.replace(/[/\\:*?"<>|]+/g, '_');
  for (let n = 1; n < 1000; n++) {
    const path = `${folder}${name}${n === 1 ? '' : `-${n}`}.voxcord`;
    if (await exists(contents, path)) continue;
    const written = await contents.save(path, { type: 'file', format: 'text', content });
    return written.path;
  }
  throw new VoxcordError('case-file.no-name', `There is no free name for a case file in ${folder || 'this folder'}.`);
}

async function exists(contents: Contents.IManager, path: string): Promise<boolean> {
  try {
    await contents.get(path, { content: false });
    return true;
  } catch (reason) {
    const status = (reason as { response?: { status?: number } }).response?.status;
    if (status === 404) return false;
    throw reason;
  }
}

/** `scans/liver-017.nii.gz` -> `liver-017`. */
export function titleFrom(path: string): string {
  const name = path.slice(path.lastIndexOf('/') + 1).replace(/\.nii(\.gz)?$/i, '');
  return name.slice(0, 200) || 'case';
}

/** The newest project that this person manages, or a first one of their own. */
async function projectForNewCases(service: VoxcordService, options: StartOptions): Promise<Project> {
  const [me, projects] = await Promise.all([service.me(), service.api.call('listProjects', {}, options.signal)]);
  const managed = projects.filter(({ myRole }) => myRole === 'manager');
  const mine = managed.filter(({ createdBy }) => createdBy === me.person.username);
  const newest = [...(mine.length > 0 ? mine : managed)].sort((a, b) => b.createdAt.localeCompare(a.createdAt))[0];
  if (newest !== undefined) return newest;
  return service.api.call('createProject', {
    body: { title: options.newProjectTitle, segments: [{ name: options.firstSegment }], everyone: 'reader' }
  });
}
