import { randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import type { ImportJob, ImportSource, Person, Volume } from '@voxcord/schemas/api';
import { ImportCancelled, runImport, type ImagingLimits, type ImportedVolume } from '../imaging/index.js';
import type { Volumes } from '../projects/volumes.js';
import type { AllowedRoots } from './allowedRoots.js';
import type { DiskSpace } from './diskSpace.js';
import { RequestError } from './errors.js';
import { problemOf } from './problems.js';
import type { Uploads } from './uploads.js';

export interface ImportLimits {
  /** Imports that run at a time; others wait. */
  readonly running: number;
  /** Imports of one person that run or wait. */
  readonly perPerson: number;
  /** A finished import is forgotten after so long. */
  readonly keepMilliseconds: number;
}

interface Entry {
  readonly id: string;
  readonly username: string;
  readonly abort: AbortController;
  state: ImportJob['state'];
  fraction: number;
  volumes: Volume[];
  problem: ImportJob['problem'] | undefined;
}

export interface ImportParts {
  readonly volumes: Volumes;
  readonly uploads: Uploads;
  readonly roots: AllowedRoots;
  readonly scratch: string;
  readonly disk: DiskSpace;
  readonly imaging: ImagingLimits;
  readonly limits: ImportLimits;
  /** Told of failures that are not the fault of the file. */
  readonly reportFailure: (error: unknown) => void;
}

/** Imports that run beside the requests. */
export class Imports {
  private readonly entries = new Map<string, Entry>();
  private readonly work = new Set<Promise<void>>();
  private readonly waiting: (() => void)[] = [];
  private running = 0;

  constructor(private readonly parts: ImportParts) {}

  /** Begins to read a file. Throws `RequestError` if it cannot be found or too much is going on. */
  async start(person: Person, source: ImportSource): Promise<ImportJob> {
    const active = [...this.entries.values()].filter(
      entry => entry.username === person.username && entry.state === 'running'
    );
    if (active.length >= this.parts.limits.perPerson) {
      throw new RequestError('import.too-many', 'You have several imports running. Wait for one, or cancel it.', 5);
    }
    const file =
      source.kind === 'path'
        ? await this.parts.roots.resolve(source.path)
        : this.parts.uploads.find(person.username, source.upload);
    const name = source.kind === 'path' ? path.basename(source.path) : source.name;
    const entry: Entry = {
      id: randomUUID(),
      username: person.username,
      abort: new AbortController(),
      state: 'running',
      fraction: 0,
      volumes: [],
      problem: undefined
    };
    this.entries.set(entry.id, entry);
    const work = this.run(entry, file, name.slice(0, 200), source.frame ?? null).finally(() => {
      this.work.delete(work);
      setTimeout(() => this.entries.delete(entry.id), this.parts.limits.keepMilliseconds).unref();
      if (source.kind === 'upload' && entry.state === 'done') void this.parts.uploads.discard(source.upload);
    });
    this.work.add(work);
    return present(entry);
  }

  get(person: Person, id: string): ImportJob {
    return present(this.find(person, id));
  }

  /** Stops an import; one that has ended stays as it is. */
  cancel(person: Person, id: string): void {
    this.find(person, id).abort.abort();
  }

  /** Cancels everything and waits until nothing is left of it. */
  async close(): Promise<void> {
    for (const entry of this.entries.values()) entry.abort.abort();
    await Promise.all(this.work);
  }

  private find(person: Person, id: string): Entry {
    const entry = this.entries.get(id);
    if (entry?.username !== person.username) {
      throw new RequestError('import.unknown', 'There is no such import, or it is forgotten. Look for its volumes.');
    }
    return entry;
  }

  private async run(entry: Entry, file: string, name: string, frame: number | null): Promise<void> {
    await this.takeTurn();
    const { imaging, scratch, volumes, disk } = this.parts;
    let imported: readonly ImportedVolume[] = [];
    try {
      imported = await runImport(
        { path: file, frame, limits: { ...imaging, diskBytes: await disk.free() }, scratch },
        fraction => (entry.fraction = fraction),
        entry.abort.signal
      );
      for (const one of imported) entry.volumes.push(await volumes.keep(one, name, entry.username));
      entry.fraction = 1;
      entry.state = 'done';
    } catch (error) {
      entry.volumes = [];
      if (error instanceof ImportCancelled) {
        entry.state = 'cancelled';
        return;
      }
      entry.state = 'failed';
      entry.problem = problemOf(error);
      if (entry.problem.status >= 500) this.parts.reportFailure(error);
    } finally {
      // Those that could not be kept are still in the scratch folder.
      await Promise.all(imported.map(({ renditionPath }) => rm(renditionPath, { force: true })));
      this.endTurn();
    }
  }

  private async takeTurn(): Promise<void> {
    if (this.running >= this.parts.limits.running) await new Promise<void>(resolve => this.waiting.push(resolve));
    else this.running += 1;
  }

  private endTurn(): void {
    const next = this.waiting.shift();
    if (next === undefined) this.running -= 1;
    else next();
  }
}

function present(entry: Entry): ImportJob {
  return {
    id: entry.id,
    state: entry.state,
    fraction: entry.fraction,
    volumes: [...entry.volumes],
    ...(entry.problem === undefined ? {} : { problem: entry.problem })
  };
}
