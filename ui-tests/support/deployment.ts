import { execFile } from 'node:child_process';
import { copyFile, mkdtemp, mkdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Case, ImportJob, NewSegment, Project, Read, Volume } from '@voxcord/schemas/api';
import { formatCaseFile } from '@voxcord/schemas/files';
import { formatRoomName } from '@voxcord/schemas/rooms';
import { ensurePeople, JupyterServer, layoutOf, type Layout, signInLinks } from '../../scripts/support/jupyter.mjs';
import { freePort } from '../../scripts/support/ports.mjs';
import { node, python, root } from '../../scripts/support/project.mjs';
import { openEmbeddedStore } from '../../server/lib/store/embedded/openEmbeddedStore.js';
import { type ExportedLabels, makeVolumes, readExport, type VolumeFile, type VolumeName } from './nibabel.js';

const run = promisify(execFile);

/** The people of every test. */
export const PEOPLE = [
  { username: 'ada', displayName: 'Ada Okafor' },
  { username: 'ben', displayName: 'Ben Lindqvist' },
  { username: 'cara', displayName: 'Cara Ito' },
  { username: 'dov', displayName: 'Dov Mensah' },
  { username: 'esi', displayName: 'Esi Boateng' },
  { username: 'finn', displayName: 'Finn Aalto' },
  // Signs for the first time in the test of that, and nowhere before.
  { username: 'gita', displayName: 'Gita Rao' }
] as const;
export type Username = (typeof PEOPLE)[number]['username'];

/** A case that was made for one test. */
export interface TestCase {
  readonly case: Case;
  readonly read: Read;
  readonly volume: Volume;
  readonly volumeFile: VolumeFile;
  /** `.voxcord` file, relative to the folder that the file browser shows. */
  readonly file: string;
}

export interface DeploymentOptions {
  /** Rooms compact and unload within moments instead of days. */
  readonly isImpatient?: boolean;
}

/** JupyterLab and the service with folders, people and a port of their own. */
export class Deployment {
  private readonly imported = new Map<string, Volume>();
  private cases = 0;

  private constructor(
    readonly layout: Layout,
    readonly port: number,
    readonly volumes: Readonly<Record<VolumeName, VolumeFile>>,
    private readonly options: DeploymentOptions,
    private server: JupyterServer
  ) {}

  static async start(options: DeploymentOptions = {}): Promise<Deployment> {
    const folder = await mkdtemp(path.join(tmpdir(), 'voxcord-ui-'));
    const layout = layoutOf(folder);
    await ensurePeople(layout, PEOPLE);
    const volumes = await makeVolumes(path.join(folder, 'volumes'));
    await mkdir(layout.work, { recursive: true });
    for (const { path: file } of Object.values(volumes)) {
      await copyFile(file, path.join(layout.work, path.basename(file)));
    }
    await copyFile(volumes.lps.path, path.join(layout.work, 'anisotropic-copy.nii.gz'));
    await writeFile(path.join(layout.work, 'broken.nii.gz'), 'This is no volume.');
    const port = await freePort();
    const deployment = new Deployment(layout, port, volumes, options, startServer(layout, port, options));
    await deployment.whenReady();
    return deployment;
  }

  get baseUrl(): string {
    return this.server.baseUrl;
  }

  /** Everything that Jupyter and the service have logged. */
  get log(): string {
    return this.server.process.output;
  }

  async whenReady(): Promise<void> {
    await this.server.whenReady(await this.token('ada'));
  }

  async stop(): Promise<void> {
    await this.server.stop();
    await rm(this.layout.folder, { recursive: true, force: true });
  }

  /** Stops JupyterLab and the service in order, and starts them again on the same port and folders. */
  async restart(): Promise<void> {
    await this.server.stop();
    this.server = startServer(this.layout, this.port, this.options);
    await this.whenReady();
  }

  /** Makes the study on a generated liver, with JupyterLab and the service stopped for that time. */
  async makeLiverDemo(): Promise<void> {
    await this.server.stop();
    await this.voxcord('demo', '--liver');
    this.server = startServer(this.layout, this.port, this.options);
    await this.whenReady();
  }

  /** SIGKILL for the service alone; Jupyter starts it again. Answers the process that was killed. */
  killService(): number {
    const pid = this.server.servicePid();
    if (pid === null) throw new Error('The service has not been started.');
    process.kill(pid, 'SIGKILL');
    return pid;
  }

  /** Process id of the service that was started last. */
  get servicePid(): number | null {
    return this.server.servicePid();
  }

  /** The service stops answering but stays: nothing of what it gets is stored until `resumeService`. */
  pauseService(): void {
    this.signalService('SIGSTOP');
  }

  resumeService(): void {
    this.signalService('SIGCONT');
  }

  /** Sign-in token of a person; the same one each time. */
  async token(username: Username): Promise<string> {
    const known = this.tokens.get(username);
    if (known !== undefined) return known;
    const [link] = await signInLinks(this.layout, this.baseUrl, [username]);
    if (link === undefined) throw new Error(`No link for ${username}.`);
    this.tokens.set(username, link.token);
    return link.token;
  }

  /** Calls the REST API as a person. Rejects when it refuses. */
  async call<T>(username: Username, method: string, resource: string, body?: unknown): Promise<T> {
    const answer = await fetch(`${this.baseUrl}voxcord/api/v1${resource}`, {
      method,
      headers: {
        Authorization: `token ${await this.token(username)}`,
        ...(body === undefined ? {} : { 'Content-Type': 'application/json' })
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) })
    });
    if (!answer.ok) throw new Error(`${method} ${resource}: ${answer.status} ${await answer.text()}`);
    return (answer.status === 204 ? undefined : await answer.json()) as T;
  }

  /** A new case with one shared read that everybody may paint in, and a `.voxcord` file that leads to it. */
  async newCase(name: VolumeName = 'plain'): Promise<TestCase> {
    const volumeFile = this.volumes[name];
    return this.caseOn(path.basename(volumeFile.path), volumeFile, [
      { name: 'Lesion', colour: '#e69f00' },
      { name: 'Oedema', colour: '#56b4e9' },
      { name: 'Vessel', colour: '#cc79a7' }
    ]);
  }

  /** A case on the demonstration volume. */
  async demoCase(): Promise<TestCase> {
    const { stdout } = await run(python, ['-m', 'voxcord.demo_volume']);
    const file = stdout.trim();
    await copyFile(file, path.join(this.layout.work, 't1.nii.gz'));
    return this.caseOn('t1.nii.gz', { path: file, shape: [], affine: [] }, [
      { name: 'Grey matter', colour: '#e69f00' },
      { name: 'White matter', colour: '#56b4e9' },
      { name: 'Ventricles', colour: '#0072b2' },
      { name: 'Lesion', colour: '#d55e00' }
    ]);
  }

  /** `voxcord export`, read with nibabel. */
  async exportLabels(of: TestCase): Promise<ExportedLabels> {
    return readExport(await this.exportFile(of.read.id), of.volumeFile.path);
  }

  /** `voxcord export`. Answers the file. */
  async exportFile(readId: string): Promise<string> {
    const output = path.join(this.layout.folder, `export-${readId}-${Date.now()}.nii.gz`);
    await this.voxcord('export', readId, '-o', output);
    return output;
  }

  /** Runs the `voxcord` command on this deployment's data. */
  async voxcord(...args: string[]): Promise<string> {
    const program = path.join(root, 'server', 'bin', 'voxcord.mjs');
    const { stdout } = await run(node, [program, ...args, '--data', this.layout.data]);
    return stdout;
  }

  /** The stored log of a read, oldest first: the bytes as they were accepted. */
  async storedUpdates(readId: string): Promise<Uint8Array[]> {
    const store = await openEmbeddedStore(this.layout.data, { readOnly: true });
    try {
      const updates: Uint8Array[] = [];
      for await (const entries of store.log.read(formatRoomName({ kind: 'read', id: readId }), 0)) {
        updates.push(...entries.map(entry => entry.update));
      }
      return updates;
    } finally {
      await store.close();
    }
  }

  private async caseOn(name: string, volumeFile: VolumeFile, segments: readonly NewSegment[]): Promise<TestCase> {
    const volume = await this.importVolume(name);
    const title = `Case ${++this.cases}`;
    const project = await this.call<Project>('ada', 'POST', '/projects', {
      title: `Project of ${title}`,
      segments,
      everyone: 'reader'
    });
    const created = await this.call<Case>('ada', 'POST', `/projects/${project.id}/cases`, {
      title,
      volumes: [volume.hash],
      access: 'shared'
    });
    const [read] = created.reads;
    if (read === undefined) throw new Error('The case has no read.');
    const file = `case-${this.cases}.voxcord`;
    await writeFile(path.join(this.layout.work, file), formatCaseFile({ voxcord: 1, case: created.id, title }));
    return { case: created, read, volume, volumeFile, file };
  }

  /** `name`: of a file in the work folder. */
  async importVolume(name: string): Promise<Volume> {
    const known = this.imported.get(name);
    if (known !== undefined) return known;
    let job = await this.call<ImportJob>('ada', 'POST', '/imports', { kind: 'path', path: name });
    while (job.state === 'running') job = await this.call<ImportJob>('ada', 'GET', `/imports/${job.id}`);
    const [volume] = job.volumes;
    if (volume === undefined) throw new Error(`${name} was not imported: ${JSON.stringify(job.problem)}`);
    this.imported.set(name, volume);
    return volume;
  }

  private signalService(signal: NodeJS.Signals): void {
    const pid = this.server.servicePid();
    if (pid === null) throw new Error('The service has not been started.');
    process.kill(pid, signal);
  }

  private readonly tokens = new Map<Username, string>();
}

function startServer(layout: Layout, port: number, { isImpatient = false }: DeploymentOptions): JupyterServer {
  const impatient = fileURLToPath(new URL('./impatientService.mjs', import.meta.url));
  const args = ['--LabApp.expose_app_in_browser=True'];
  if (isImpatient)
    args.push(`--VoxcordService.service_command=${node}`, `--VoxcordService.service_command=${impatient}`);
  return new JupyterServer(layout, port, { args });
}
