import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { Caller, SECRET, type Served } from '../../http/testService.js';
import { makeNifti, type NiftiRecipe } from '../../imaging/niftiFile.js';

const SCRIPT = fileURLToPath(new URL('./studyProcess.mjs', import.meta.url));

/** The whole service in a process of its own, which can be killed before a given write and started again. */
export class StudyProcess implements Served {
  readonly #folder = mkdtempSync(path.join(tmpdir(), 'voxcord-study-'));
  readonly data = path.join(this.#folder, 'data');
  #child: ChildProcess | null = null;
  #port = 0;

  static async start(): Promise<StudyProcess> {
    const started = new StudyProcess();
    mkdirSync(started.#root);
    await started.run();
    return started;
  }

  get address(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  as(username: string, displayName = username): Caller {
    return new Caller(this, username, displayName);
  }

  writeVolume(name: string, recipe: NiftiRecipe = {}): void {
    writeFileSync(path.join(this.#root, name), makeNifti(recipe));
  }

  /** Starts it, again on the same port. */
  async run(): Promise<void> {
    const settings = { data: this.data, root: this.#root, port: this.#port, secret: SECRET };
    const child = fork(SCRIPT, [JSON.stringify(settings)]);
    this.#child = child;
    const [told] = (await Promise.race([once(child, 'message'), once(child, 'exit').then(() => [null])])) as [unknown];
    if (typeof told !== 'number') throw new Error('The service did not start.');
    this.#port = told;
  }

  /** It will kill itself after so many more writes to its store. Resolves with how to learn that it did. */
  async killAfter(writes: number): Promise<void> {
    this.#child?.send(writes);
    if (this.#child !== null) await once(this.#child, 'message');
  }

  get isDead(): boolean {
    return this.#child?.exitCode !== null || this.#child.signalCode !== null;
  }

  async gone(): Promise<void> {
    if (!this.isDead && this.#child !== null) await once(this.#child, 'exit');
  }

  async kill(): Promise<void> {
    this.#child?.kill('SIGKILL');
    await this.gone();
  }

  async stop(): Promise<void> {
    await this.kill();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  get #root(): string {
    return path.join(this.#folder, 'files');
  }
}
