import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { serve, voxcord, type Serving } from '../../cli/command.js';
import { Caller, SECRET, type Served } from '../../http/testService.js';
import { makeNifti, type NiftiRecipe } from '../../imaging/niftiFile.js';

/** The service as a process of its own, to be killed and started again on the same data. */
export class KillableService implements Served {
  private constructor(
    private readonly folder: string,
    private serving: Serving
  ) {}

  static async start(): Promise<KillableService> {
    const folder = mkdtempSync(path.join(tmpdir(), 'voxcord-killed-'));
    mkdirSync(path.join(folder, 'files'));
    writeFileSync(path.join(folder, 'secret'), SECRET);
    return new KillableService(folder, await begin(folder));
  }

  get address(): string {
    return this.serving.address;
  }

  as(username: string, displayName = username): Caller {
    return new Caller(this, username, displayName);
  }

  writeVolume(name: string, recipe: NiftiRecipe = {}): void {
    writeFileSync(path.join(this.folder, 'files', name), makeNifti(recipe));
  }

  /** Ends the process without a word and starts another one. */
  async kill(): Promise<void> {
    await this.serving.stop('SIGKILL');
    this.serving = await begin(this.folder);
  }

  /** `voxcord release list` and `voxcord export --release`, beside the running service; answers the folder. */
  async exportRelease(id: string): Promise<string> {
    const data = path.join(this.folder, 'data');
    const listed = await voxcord(['release', 'list', '--data', data, '--json']);
    const { releases } = JSON.parse(listed.stdout) as { releases: { release: string; state: string }[] };
    if (!releases.some(({ release, state }) => release === id && state === 'released')) throw new Error(listed.stdout);
    const target = path.join(this.folder, `release-${id}`);
    const exported = await voxcord(['export', '--release', id.slice(0, 8), '-o', target, '--data', data, '--json']);
    if (exported.code !== 0) throw new Error(exported.stderr);
    return target;
  }

  async stop(): Promise<void> {
    await this.serving.stop('SIGTERM');
    rmSync(this.folder, { recursive: true, force: true });
  }
}

function begin(folder: string): Promise<Serving> {
  const at = (name: string): string => path.join(folder, name);
  return serve(['--port', '0', '--data', at('data'), '--secret-file', at('secret'), '--root', at('files')]);
}
