import { AuditEntry } from '@voxcord/schemas/files';
import { Compile } from 'typebox/compile';
import { StoreError, type AuditLog, type Store } from '../store/store.js';
import { AuditCheck, nextEntry, type AuditEvent } from './auditChain.js';
import { TruthError } from './errors.js';

const isEntry = Compile(AuditEntry);

/** So often somebody else may be first before an append gives up: each time the chain has grown. */
const ATTEMPTS = 100;

/** The hash-chained logs of all projects, one chain per project. */
export class ProjectAudit {
  readonly #log: AuditLog;

  constructor(
    store: Pick<Store, 'audit'>,
    private readonly now: () => Date = () => new Date()
  ) {
    this.#log = store.audit;
  }

  /** Resolves with the entry once it is on disk. Rejects with `StoreError`: then it is not in the log. */
  async append(project: string, event: AuditEvent): Promise<AuditEntry> {
    for (let attempt = 1; ; attempt++) {
      const entry = nextEntry(project, await this.last(project), event, this.now());
      try {
        await this.#log.append(project, entry);
        return entry;
      } catch (error) {
        const wasSecond = error instanceof StoreError && error.code === 'exists';
        if (!wasSecond || attempt === ATTEMPTS) throw error;
      }
    }
  }

  async last(project: string): Promise<AuditEntry | null> {
    const value = await this.#log.last(project);
    return value === null ? null : readEntry(value);
  }

  /** Entries after `sequence`, in order, in batches. */
  async *read(project: string, after = 0): AsyncIterable<AuditEntry[]> {
    for await (const batch of this.#log.read(project, after)) yield batch.map(readEntry);
  }

  /** Follows the whole chain of a project. Throws `TruthError` (`audit.broken`) naming the first broken entry. */
  async check(project: string): Promise<void> {
    const last = await this.last(project);
    if (last === null) return;
    const expected = { chain: project, first: 1, previous: null, last: last.sequence, head: last.hash };
    const check = new AuditCheck(expected);
    for await (const batch of this.read(project)) {
      for (const entry of batch) {
        // Written while this was reading.
        if (entry.sequence > expected.last) break;
        refuse(check.add(entry));
      }
    }
    refuse(check.end());
  }
}

function refuse(broken: { sequence: number; reason: string } | null): void {
  if (broken === null) return;
  throw new TruthError('audit.broken', `Audit entry ${broken.sequence} is broken: ${broken.reason}. Restore a backup.`);
}

function readEntry(value: unknown): AuditEntry {
  if (isEntry.Check(value)) return value;
  throw new StoreError('corrupt', 'An entry of the audit log is damaged. Restore the data folder from a backup.');
}
