import { randomUUID } from 'node:crypto';
import { mkdir, open, readdir, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { OneAtATime } from '../studies/oneAtATime.js';
import { unpackModel } from './archive.js';
import { ModelError } from './errors.js';
import { DEFAULT_MODEL_TIMES, InstalledModels, type InstalledModel, type ModelTimes } from './installedModels.js';
import { MAX_FOLDERS } from './limits.js';
import { writeUploader } from './uploader.js';
import { Verdicts } from './verdicts.js';

/** Folders that are not, or no longer, a model: gone at the next start. */
const INCOMING = '.incoming-';
const LEAVING = '.leaving-';
/** Entries of the folder that may be no models: hidden ones, those that are on their way. */
const MARGIN = 50;

export interface ModelsParts {
  /** Folder of models that are uploaded or put there; made if it is missing. */
  readonly folder: string;
  readonly shipped: string | null;
  /** Where it is remembered what was found out of which model. */
  readonly verdicts: string;
  readonly times?: Partial<ModelTimes>;
  /** Rejects if there is no room for so many bytes. */
  readonly reserve: (bytes: number) => Promise<void>;
  readonly reportFailure: (error: unknown) => void;
}

/** Models that are there, come and go. */
export class Models {
  private readonly turns = new OneAtATime();

  private constructor(
    readonly installed: InstalledModels,
    private readonly reserve: ModelsParts['reserve']
  ) {}

  /** Rejects with errors of the system if the folder cannot be made. */
  static async open({ folder, shipped, verdicts, times, reserve, reportFailure }: ModelsParts): Promise<Models> {
    await mkdir(folder, { recursive: true });
    for (const name of await readdir(folder)) {
      const isLeft = name.startsWith(INCOMING) || name.startsWith(LEAVING);
      if (isLeft) await rm(path.join(folder, name), { recursive: true, force: true });
    }
    const known = await Verdicts.open(verdicts);
    const allTimes = { ...DEFAULT_MODEL_TIMES, ...times };
    return new Models(new InstalledModels({ own: folder, shipped }, known, allTimes, reportFailure), reserve);
  }

  /**
   * Takes the model in an archive in, once it has passed all checks: it is there as a whole or not at all. Rejects with
   * `ModelError`, `ModelFileError`, what `reserve` rejects with and errors of the system.
   */
  async add(archive: string, username: string): Promise<InstalledModel> {
    const incoming = path.join(this.installed.own, `${INCOMING}${randomUUID()}`);
    try {
      await unpackModel(archive, incoming, this.reserve);
      const { file } = await this.installed.check(incoming);
      await writeUploader(incoming, username);
      await syncFolder(incoming);
      const { name, version } = file;
      return await this.turns.take('folder', async () => {
        if ((await this.installed.find(name, version)) !== null) throw exists(name, version);
        await rename(incoming, path.join(this.installed.own, await this.freeName(`${name}-${version}`)));
        await syncFolder(this.installed.own);
        const added = await this.installed.find(name, version);
        if (added === null) throw new Error(`The model ${name} ${version} is not where it was put`);
        return added;
      });
    } finally {
      await rm(incoming, { recursive: true, force: true });
    }
  }

  /**
   * Takes a model away; what it has made stays. Rejects with `ModelError` (`model.unknown`, and what `check` throws of it).
   */
  async remove(name: string, version: string, check: (model: InstalledModel) => void): Promise<void> {
    await this.turns.take('folder', async () => {
      const model = await this.installed.find(name, version);
      if (model === null) throw unknownModel(name, version);
      check(model);
      const leaving = path.join(this.installed.own, `${LEAVING}${randomUUID()}`);
      await rename(model.folder, leaving);
      await rm(leaving, { recursive: true, force: true });
    });
  }

  close(): Promise<void> {
    return this.installed.close();
  }

  /** Somebody may have put a folder of this name there. */
  private async freeName(wanted: string): Promise<string> {
    const taken = new Set(await readdir(this.installed.own));
    if (taken.size > MAX_FOLDERS - MARGIN) throw tooMany(taken.size);
    let name = wanted;
    for (let n = 2; taken.has(name); n += 1) name = `${wanted}-${n}`;
    return name;
  }
}

/** What is in the folder is there after a power cut, too. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

function tooMany(count: number): ModelError {
  return new ModelError('model.too-many', `There are ${count} models already. Remove some that nobody needs any more.`);
}

function unknownModel(name: string, version: string): ModelError {
  return new ModelError(
    'model.unknown',
    `There is no model ${name} ${version} that can be run. See the list of models.`
  );
}

function exists(name: string, version: string): ModelError {
  return new ModelError(
    'model.exists',
    `There is a model ${name} ${version} already. Give yours another version in model.json, and pack it again.`
  );
}
