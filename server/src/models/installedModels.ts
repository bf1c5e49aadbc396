import { watch, type FSWatcher } from 'node:fs';
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { ModelFileError, type ModelFile } from '@voxcord/schemas/models';
import { OneAtATime } from '../studies/oneAtATime.js';
import { ModelError } from './errors.js';
import { MAX_FOLDERS } from './limits.js';
import { folderState, readModelFolder, type FolderState, type ModelFolder } from './modelFolder.js';
import { runTrial, TrialCancelled } from './trial/runTrial.js';
import { readUploader } from './uploader.js';
import type { Verdicts } from './verdicts.js';

/** A model that has passed all checks. */
export interface InstalledModel {
  /** Names `model.json` and every file that it pins. */
  readonly sha256: string;
  readonly folder: string;
  readonly file: ModelFile;
  readonly card: string;
  readonly foundAt: Date;
  /** Username of who has uploaded it; null: somebody has put the folder there. */
  readonly uploadedBy: string | null;
}

/** A folder that is no model that could be run. */
export interface RefusedFolder {
  /** Its name without the place. */
  readonly name: string;
  readonly error: ModelError | ModelFileError;
}

export interface FoundModels {
  readonly models: readonly InstalledModel[];
  readonly refused: readonly RefusedFolder[];
  /** Names of folders that are being checked, or that somebody is still writing. */
  readonly checking: readonly string[];
}

export interface ModelFolders {
  /** Where uploads go; the folder exists. */
  readonly own: string;
  /** What comes with the program, if it is there; looked into first. */
  readonly shipped: string | null;
}

export interface ModelTimes {
  /** Seconds that the trial of one model may take. */
  readonly trialSeconds: number;
  /** A folder that was written so short a time ago is not called broken: somebody may still copy. */
  readonly settleMilliseconds: number;
  /** How long a list waits for checks that are going on. */
  readonly patienceMilliseconds: number;
}

export const DEFAULT_MODEL_TIMES: ModelTimes = {
  trialSeconds: 120,
  settleMilliseconds: 3000,
  patienceMilliseconds: 2000
};

const WATCH_DELAY = 300;

interface Entry {
  readonly folder: string;
  readonly state: FolderState;
  /** What `model.json` says, which is known before the networks have been tried; null if it says nothing. */
  readonly described: Promise<ModelFolder | null>;
  readonly outcome: Promise<Outcome>;
  /** Once it is there. */
  settled: Outcome | null;
}

type Outcome =
  | { readonly kind: 'model'; readonly model: InstalledModel }
  | { readonly kind: 'refused'; readonly error: ModelError | ModelFileError }
  | { readonly kind: 'cancelled' };

/**
 * The models in some folders: each direct subfolder with a `model.json` is one. Folders are looked at again whenever
 * somebody asks and whenever something changes in them; what has not changed is not read again.
 */
export class InstalledModels {
  /** By folder, in the order in which they count: of two with the same name and version the first is the one. */
  private entries = new Map<string, Entry>();
  private scanning: Promise<void> | null = null;
  /** How often somebody has asked for a scan. */
  private asked = 0;
  /** One folder is read at a time, and one trial runs beside. */
  private readonly turns = new OneAtATime();
  private readonly ending = new AbortController();
  private readonly watchers: FSWatcher[] = [];
  private watchTimer: NodeJS.Timeout | null = null;

  constructor(
    private readonly folders: ModelFolders,
    private readonly verdicts: Verdicts,
    private readonly times: ModelTimes,
    private readonly reportFailure: (error: unknown) => void
  ) {
    for (const root of this.roots()) this.watch(root);
  }

  /** Where uploads are unpacked and kept. */
  get own(): string {
    return this.folders.own;
  }

  /** What is there now. Does not wait long for checks: see `checking`. */
  async list(): Promise<FoundModels> {
    await this.scan();
    const outcomes = Promise.all([...this.entries.values()].map(({ outcome }) => outcome));
    await Promise.race([outcomes, pause(this.times.patienceMilliseconds)]);
    return this.found();
  }

  /** One model, once it is checked; null if there is none of this name and version that can be run. */
  async find(name: string, version: string): Promise<InstalledModel | null> {
    await this.scan();
    for (const { described, outcome } of [...this.entries.values()]) {
      const file = (await described)?.file;
      if (file?.name !== name || file.version !== version) continue;
      const settled = await outcome;
      if (settled.kind === 'model') return settled.model;
    }
    return null;
  }

  /** Checks a folder that is not installed yet. Throws `ModelError`, `ModelFileError` or `TrialCancelled`. */
  async check(folder: string): Promise<ModelFolder> {
    const described = await this.describe(folder);
    await this.tryOut(described);
    return described;
  }

  /** Ends all checks and waits until nothing is left of them. */
  async close(): Promise<void> {
    this.ending.abort();
    if (this.watchTimer !== null) clearTimeout(this.watchTimer);
    for (const watcher of this.watchers) watcher.close();
    await this.scanning;
    await Promise.all([...this.entries.values()].map(({ outcome }) => outcome));
  }

  private roots(): readonly string[] {
    const { own, shipped } = this.folders;
    return shipped === null || shipped === own ? [own] : [shipped, own];
  }

  /** Callers during a scan wait for the next one too: the present one may have passed what they have just written. */
  private async scan(): Promise<void> {
    this.asked += 1;
    this.scanning ??= this.scanAll().finally(() => (this.scanning = null));
    await this.scanning;
  }

  private async scanAll(): Promise<void> {
    for (let answered = 0; answered !== this.asked && !this.ending.signal.aborted;) {
      answered = this.asked;
      await this.scanOnce();
    }
  }

  private async scanOnce(): Promise<void> {
    const entries = new Map<string, Entry>();
    for (const root of this.roots()) {
      for (const folder of await subfolders(root)) {
        const state = await folderState(folder).catch(() => null);
        if (state === null) continue;
        const known = this.entries.get(folder);
        const isKnown = known?.state.key === state.key && !maySoonDiffer(known.settled);
        entries.set(folder, isKnown ? known : this.enter(folder, state));
      }
    }
    this.entries = entries;
  }

  private describe(folder: string): Promise<ModelFolder> {
    return this.turns.take('read', () => readModelFolder(folder));
  }

  private tryOut(described: ModelFolder): Promise<void> {
    const trial = (): Promise<void> => runTrial(described, this.times.trialSeconds, this.ending.signal);
    return this.turns.take('trial', () => this.verdicts.of(described.sha256, trial));
  }

  private enter(folder: string, state: FolderState): Entry {
    const described = state.isLink ? Promise.reject(isALink()) : this.describe(folder);
    const outcome = this.examine(described, state);
    const entry: Entry = { folder, state, described: described.catch(() => null), outcome, settled: null };
    void outcome.then(settled => (entry.settled = settled));
    return entry;
  }

  private async examine(described: Promise<ModelFolder>, { changedAt }: FolderState): Promise<Outcome> {
    try {
      const found = await described;
      await this.tryOut(found);
      const { folder, file, sha256, card } = found;
      const uploadedBy = path.dirname(folder) === this.folders.own ? await readUploader(folder) : null;
      return { kind: 'model', model: { sha256, folder, file, card, foundAt: new Date(changedAt), uploadedBy } };
    } catch (error) {
      if (error instanceof TrialCancelled) return { kind: 'cancelled' };
      if (error instanceof ModelError || error instanceof ModelFileError) return { kind: 'refused', error };
      this.reportFailure(error);
      const told = 'The model could not be checked. The log of the service says why.';
      return { kind: 'refused', error: new ModelError('model.crashed', told, { cause: error }) };
    }
  }

  private found(): FoundModels {
    const models: InstalledModel[] = [];
    const refused: RefusedFolder[] = [];
    const checking: string[] = [];
    const places = new Map<string, string>();
    for (const { folder, state, settled } of this.entries.values()) {
      const name = path.basename(folder);
      if (settled === null || settled.kind === 'cancelled') checking.push(name);
      else if (settled.kind === 'refused') {
        const settlesIn = state.changedAt + this.times.settleMilliseconds - Date.now();
        if (settlesIn > 0) checking.push(name);
        else refused.push({ name, error: settled.error });
      } else {
        const key = `${settled.model.file.name}@${settled.model.file.version}`;
        const other = places.get(key);
        if (other === undefined) models.push(settled.model);
        else refused.push({ name, error: twice(settled.model.file, other) });
        places.set(key, other ?? name);
      }
    }
    return { models, refused, checking };
  }

  /** Only makes what comes quicker: where folders cannot be watched, they are looked at when somebody asks. */
  private watch(root: string): void {
    try {
      const watcher = watch(root, { recursive: true, persistent: false }, () => this.rescanSoon());
      watcher.on('error', () => watcher.close());
      this.watchers.push(watcher);
    } catch {
      // Not there, or not watchable.
    }
  }

  private rescanSoon(): void {
    if (this.ending.signal.aborted || this.watchTimer !== null) return;
    this.watchTimer = setTimeout(() => {
      this.watchTimer = null;
      this.scan().catch(this.reportFailure);
    }, WATCH_DELAY).unref();
  }
}

/** A disk that could not be read may be read a moment later, with nothing changed in the folder. */
function maySoonDiffer(outcome: Outcome | null): boolean {
  return outcome?.kind === 'refused' && outcome.error.code === 'model.unreadable';
}

/** Links among them: they are told of, not followed. */
async function subfolders(root: string): Promise<string[]> {
  const entries = await readdir(root, { withFileTypes: true }).catch(() => []);
  const folders = entries.filter(entry => entry.isDirectory() || entry.isSymbolicLink());
  const names = folders.map(({ name }) => name).filter(name => !name.startsWith('.'));
  return names
    .sort()
    .slice(0, MAX_FOLDERS)
    .map(name => path.join(root, name));
}

function isALink(): ModelError {
  return new ModelError('model.not-a-file', 'This is a link. Copy the folder of the model itself here.');
}

function twice({ name, version }: ModelFile, other: string): ModelError {
  return new ModelError(
    'model.twice',
    `The folder ${other} holds ${name} ${version} already. Give one of them another version, or remove it.`
  );
}

async function pause(milliseconds: number): Promise<void> {
  await new Promise(resolve => setTimeout(resolve, milliseconds).unref());
}
