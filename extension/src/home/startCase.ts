import type { Contents } from '@jupyterlab/services';
import type { Case, ImportSource, Project } from '@voxcord/schemas/api';
import { formatCaseFile } from '@voxcord/schemas/files';
import { VoxcordError } from '../client/index.js';
import { importVolumes } from '../service/volumeImport.js';
import type { VoxcordService } from '../service/voxcordService.js';

/** The NIfTI file that a case is started from. */
export type CaseSource =
  /** Of the Jupyter server. */
  | { readonly kind: 'path'; readonly path: string }
  /** Of this computer; its case file is written into `folder` of the Jupyter server. */
  | { readonly kind: 'file'; readonly file: File; readonly folder: string };

export type StartStep = 'sending' | 'reading';

export interface StartOptions {
  readonly signal: AbortSignal;
  readonly onProgress: (step: StartStep, fraction: number) => void;
  /** The project that the case belongs to; null: the one where this person starts cases to paint in together. */
  readonly projectId: string | null;
  /** Title of the project that is made for somebody who manages none. */
  readonly newProjectTitle: string;
  readonly firstSegment: string;
}

export interface StartedCase {
  readonly case: Case;
  /** The `.voxcord` file that leads to it. */
  readonly path: string;
}

/** As many volumes as a case takes. */
const MAX_VOLUMES = 32;

/**
 * Imports a NIfTI file, starts a case on it and writes a `.voxcord` file beside it. Where people paint together, the case
 * has a shared read; in a study, readers are given it later. Throws `VoxcordError`, or the signal's reason.
 */
export async function startCase(
  service: VoxcordService,
  contents: Contents.IManager,
  source: CaseSource,
  options: StartOptions
): Promise<StartedCase> {
  const volumes = await importVolumes(service.api, await importSource(service, contents, source, options), {
    signal: options.signal,
    onProgress: fraction => options.onProgress('reading', fraction)
  });
  if (volumes.length > MAX_VOLUMES) {
    throw new VoxcordError(
      'case.too-many-volumes',
      `This file holds ${volumes.length} volumes; a case takes at most ${MAX_VOLUMES}. Split the file, or start a case from single frames with the voxcord command.`
    );
  }
  const neighbour = source.kind === 'path' ? source.path : `${source.folder}/${source.file.name}`;
  const project = await projectForNewCases(service, options);
  const started = await service.api.call('createCase', {
    params: { projectId: project.id },
    body: {
      title: titleFrom(neighbour),
      volumes: volumes.map(({ hash }) => hash),
      ...(isStudy(project) ? {} : { access: 'shared' })
    }
  });
  const file = await writeCaseFile(contents, neighbour, started);
  service.noteCasesChanged();
  return { case: started, path: file };
}

async function importSource(
  service: VoxcordService,
  contents: Contents.IManager,
  source: CaseSource,
  { signal, onProgress }: StartOptions
): Promise<ImportSource> {
  if (source.kind === 'path') return { kind: 'path', path: contents.localPath(source.path) };
  const { file } = source;
  const { upload } = await service.api.upload(file, {
    signal,
    onProgress: fraction => onProgress('sending', fraction)
  });
  return { kind: 'upload', upload, name: file.name.slice(-200) };
}

/** Writes a file that leads to `opened` beside the file at `neighbour`, under a name that is free. */
export async function writeCaseFile(contents: Contents.IManager, neighbour: string, opened: Case): Promise<string> {
  const folder = neighbour.slice(0, neighbour.lastIndexOf('/') + 1).replace(/^\/+/, '');
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

/** Not open to everybody, or read by a protocol: who reads what is decided there. */
function isStudy({ protocol, everyone }: Project): boolean {
  return protocol !== null || everyone === null;
}

/** The newest project that this person manages and that is no study, or a first one of their own. */
async function projectForNewCases(service: VoxcordService, options: StartOptions): Promise<Project> {
  const { projectId } = options;
  if (projectId !== null) return service.api.call('getProject', { params: { projectId } }, options.signal);
  const [me, projects] = await Promise.all([service.me(), service.api.call('listProjects', {}, options.signal)]);
  const managed = projects.filter(project => project.myRole === 'manager' && !isStudy(project));
  const mine = managed.filter(({ createdBy }) => createdBy === me.person.username);
  const newest = [...(mine.length > 0 ? mine : managed)].sort((a, b) => b.createdAt.localeCompare(a.createdAt))[0];
  if (newest !== undefined) return newest;
  return service.api.call('createProject', {
    body: { title: options.newProjectTitle, segments: [{ name: options.firstSegment }], everyone: 'reader' }
  });
}
