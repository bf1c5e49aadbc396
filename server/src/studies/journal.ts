import { randomUUID } from 'node:crypto';
import type { Person } from '@voxcord/schemas/api';
import type { AuditActor, AuditSubject } from '@voxcord/schemas/files';
import type { Catalogue, CatalogueKind } from '../store/store.js';
import type { ProjectAudit } from '../truth/auditLog.js';
import type { OneAtATime } from './oneAtATime.js';
import type { Untold } from './untold.js';

/** Something that happened, as the audit log tells it. */
export interface Told {
  readonly actor: AuditActor;
  readonly action: string;
  readonly subject: AuditSubject;
  readonly details?: Readonly<Record<string, unknown>>;
}

/** A document that remembers what the audit log has not been told of it yet. */
export interface Telling {
  readonly untold: Untold;
}

/** How the documents of a kind are checked. */
export type Reader<T> = (value: unknown) => T;

/** So many of the newest entries can be those of a change whose end was not stored. */
const RECENT = 1000;

/**
 * Changes documents and tells the audit log of it: both, or neither, whenever the service dies. What is to be told is
 * stored with the change, then told, then forgotten; what is left after a crash is told at the next start.
 */
export class Journal {
  constructor(
    private readonly catalogue: Catalogue,
    readonly audit: ProjectAudit,
    private readonly turns: OneAtATime
  ) {}

  /** Tells of something that changes no document. */
  async tell(chain: string, told: Told): Promise<void> {
    await this.audit.append(chain, { ...told, details: { ...told.details } });
  }

  /** Rejects with `StoreError` (`exists`) if it is there. */
  async insert(
    kind: CatalogueKind,
    id: string,
    parent: string | null,
    value: Telling,
    chain: string,
    told: Told
  ): Promise<void> {
    await this.turns.take(`${kind}/${id}`, async () => {
      const stored = { ...value, untold: makeUntold(chain, told) };
      await this.catalogue.insert(kind, id, parent, stored);
      await this.#settle(kind, id, stored, false);
    });
  }

  /**
   * Changes a document: `change` answers what it becomes and what is told, or throws; null: it stays as it is. It is given
   * what is stored now, while nobody else changes it. Answers the document as it is then; null if there is none.
   */
  async update<T extends Telling>(
    kind: CatalogueKind,
    id: string,
    read: Reader<T>,
    chain: string,
    change: (current: T) => { readonly value: T; readonly told: Told } | null
  ): Promise<T | null> {
    return this.turns.take(`${kind}/${id}`, async () => {
      for (;;) {
        const stored = await this.catalogue.get(kind, id);
        if (stored === null) return null;
        const current = read(stored);
        if (current.untold !== null) {
          await this.#settle(kind, id, stored, true);
          continue;
        }
        const wanted = change(current);
        if (wanted === null) return current;
        const { value, told } = wanted;
        const changed = { ...value, untold: makeUntold(chain, told) };
        if (!(await this.catalogue.replace(kind, id, stored, changed))) continue;
        await this.#settle(kind, id, changed, false);
        return { ...value, untold: null };
      }
    });
  }

  /** Tells what was left untold when the service ended. Before anybody is served. */
  async recover(kind: CatalogueKind, read: Reader<Telling>, idOf: (value: unknown) => string): Promise<void> {
    for await (const documents of this.catalogue.all(kind)) {
      for (const document of documents) {
        if (read(document).untold !== null) await this.#settle(kind, idOf(document), document, true);
      }
    }
  }

  async #settle(kind: CatalogueKind, id: string, stored: unknown, isOld: boolean): Promise<void> {
    const { untold } = stored as Telling;
    if (untold === null) return;
    const { change, chain, actor, action, subject, details } = untold;
    if (!isOld || !(await this.#isTold(chain, change))) {
      await this.audit.append(chain, { actor, action, subject, details: { ...details, change } });
    }
    await this.catalogue.replace(kind, id, stored, { ...(stored as Telling), untold: null });
  }

  async #isTold(chain: string, change: string): Promise<boolean> {
    const last = await this.audit.last(chain);
    if (last === null) return false;
    for await (const entries of this.audit.read(chain, Math.max(0, last.sequence - RECENT))) {
      if (entries.some(({ details }) => details['change'] === change)) return true;
    }
    return false;
  }
}

export function actorOf({ username, displayName }: Person): AuditActor {
  return { kind: 'person', username, name: displayName };
}

export function aboutRead(id: string): AuditSubject {
  return { kind: 'read', id, sha256: null };
}

function makeUntold(chain: string, { actor, action, subject, details }: Told): Untold {
  return { change: randomUUID(), chain, actor, action, subject, details: { ...details } };
}
