import { randomUUID } from 'node:crypto';
import type { Person, Protocol, ProtocolContent, ProtocolDraft, ProtocolLock } from '@voxcord/schemas/api';
import { changesBetween, checkProtocol } from '@voxcord/schemas/protocol';
import type { ProjectAccess } from '../projects/projectAccess.js';
import { readCase } from '../projects/records.js';
import type { Catalogue } from '../store/store.js';
import { protocolHash } from '../truth/index.js';
import { StudyError } from './errors.js';
import { actorOf, type Journal, type Told } from './journal.js';
import type { OneAtATime } from './oneAtATime.js';
import { protocolKey, protocolVersions } from './protocolVersions.js';
import { readProtocol, type StoredProtocol } from './records.js';
import type { RightsRefresh } from './rightsRefresh.js';
import type { Signing } from './signing.js';

/** So many problems are named when a protocol cannot be locked. */
const NAMED_ISSUES = 3;

/** Versions of a project's protocol: drafted by its managers, locked and signed, never changed after that. */
export class Protocols {
  constructor(
    private readonly catalogue: Catalogue,
    private readonly access: ProjectAccess,
    private readonly journal: Journal,
    private readonly turns: OneAtATime,
    private readonly signing: Signing,
    private readonly refresh: RightsRefresh,
    private readonly now: () => Date
  ) {}

  /** Newest first. Drafts are shown to managers. */
  async list(person: Person, projectId: string): Promise<Protocol[]> {
    const { rights } = await this.access.project(person, projectId);
    const versions = await protocolVersions(this.catalogue, projectId);
    const shown = rights.mayManage ? versions : versions.filter(({ state }) => state === 'locked');
    return shown.map(version => present(version, versions)).reverse();
  }

  /** Rejects with `StudyError` (`protocol.edition`) if somebody else has saved in between. */
  async saveDraft(person: Person, projectId: string, { edition, content }: ProtocolDraft): Promise<Protocol> {
    await this.access.managed(person, projectId);
    return this.turns.take(`protocol-of/${projectId}`, async () => {
      const versions = await protocolVersions(this.catalogue, projectId);
      const version = versions.filter(({ state }) => state === 'locked').length + 1;
      const stored = await this.catalogue.get('protocol', protocolKey(projectId, version));
      const before = stored === null ? null : readProtocol(stored);
      const draft = before?.state === 'draft' ? before : null;
      if ((draft?.edition ?? null) !== edition) throw otherEdition(draft);
      const saved: StoredProtocol = {
        id: draft?.id ?? randomUUID(),
        projectId,
        version,
        state: 'draft',
        edition: (before?.edition ?? 0) + 1,
        content,
        createdBy: draft?.createdBy ?? person,
        createdAt: draft?.createdAt ?? this.now().toISOString(),
        lock: null,
        untold: null
      };
      await this.#put(person, before, saved, 'protocol.draft-saved', { edition: saved.edition });
      return present(saved, await protocolVersions(this.catalogue, projectId));
    });
  }

  async discardDraft(person: Person, projectId: string): Promise<void> {
    await this.access.managed(person, projectId);
    await this.turns.take(`protocol-of/${projectId}`, async () => {
      const draft = await this.#draft(projectId);
      await this.#put(person, draft, { ...draft, state: 'discarded' }, 'protocol.draft-discarded', {});
    });
  }

  /**
   * Locks the draft: it is the protocol from then on. Rejects with `StudyError` (`protocol.no-draft`,
   * `protocol.edition`, `protocol.incomplete`, `protocol.unchanged`, `signing.no-key`) and `TruthError`.
   */
  async lock(person: Person, projectId: string, { edition, signing }: ProtocolLock): Promise<Protocol> {
    const { project } = await this.access.managed(person, projectId);
    const locked = await this.turns.take(`protocol-of/${projectId}`, async () => {
      const draft = await this.#draft(projectId);
      if (draft.edition !== edition) throw otherEdition(draft);
      const versions = await protocolVersions(this.catalogue, projectId);
      checkLockable(draft, versions);
      const key = await this.signing.unlock(person, signing.passphrase, projectId);
      const sha256 = protocolHash(draft.content);
      const signed = this.signing.sign(
        key,
        { kind: 'protocol', sha256 },
        {
          signer: { username: person.username, name: person.displayName },
          meaning: signing.meaning,
          time: this.now()
        }
      );
      const afterFirstRead = await this.#hasReads(project.id);
      const next: StoredProtocol = { ...draft, state: 'locked', lock: { signed, afterFirstRead } };
      const changes = presentChanges(draft, versions);
      await this.#put(person, draft, next, 'protocol.locked', { afterFirstRead, changes, meaning: signing.meaning });
      return present(next, await protocolVersions(this.catalogue, projectId));
    });
    await this.refresh.project(projectId);
    return locked;
  }

  async #draft(projectId: string): Promise<StoredProtocol> {
    const versions = await protocolVersions(this.catalogue, projectId);
    const draft = versions.find(({ state }) => state === 'draft');
    if (draft === undefined) throw new StudyError('protocol.no-draft', 'There is no draft: save one first.');
    return draft;
  }

  async #hasReads(projectId: string): Promise<boolean> {
    for (const case_ of (await this.catalogue.list('case', projectId)).map(readCase)) {
      const reads = await this.access.readsOf(case_.id);
      if (reads.some(({ protocol, state }) => protocol !== null && state !== 'assigned')) return true;
    }
    return false;
  }

  async #put(
    person: Person,
    before: StoredProtocol | null,
    next: StoredProtocol,
    action: string,
    details: Record<string, unknown>
  ): Promise<void> {
    const { projectId, version, content } = next;
    const key = protocolKey(projectId, version);
    const subject = { kind: 'protocol', id: next.id, sha256: protocolHash(content) };
    const told: Told = { actor: actorOf(person), action, subject, details: { version, ...details } };
    if (before === null) await this.journal.insert('protocol', key, projectId, next, projectId, told);
    else await this.journal.update('protocol', key, readProtocol, projectId, () => ({ value: next, told }));
  }
}

function checkLockable(draft: StoredProtocol, versions: readonly StoredProtocol[]): void {
  const errors = checkProtocol(draft.content).filter(({ severity }) => severity === 'error');
  if (errors.length > 0) {
    const named = errors.slice(0, NAMED_ISSUES).map(({ path, text }) => `${path}: ${text}`);
    const more = errors.length > NAMED_ISSUES ? ` And ${errors.length - NAMED_ISSUES} more.` : '';
    throw new StudyError('protocol.incomplete', `The protocol cannot be locked yet. ${named.join(' ')}${more}`);
  }
  if (draft.version > 1 && presentChanges(draft, versions).length === 0) {
    throw new StudyError(
      'protocol.unchanged',
      'Nothing has changed against the locked version: change something first.'
    );
  }
}

function present(version: StoredProtocol, versions: readonly StoredProtocol[]): Protocol {
  const newest = versions.findLast(({ state }) => state === 'locked')?.version ?? 0;
  const isSuperseded = version.state === 'locked' && version.version < newest;
  return {
    id: version.id,
    projectId: version.projectId,
    version: version.version,
    state: isSuperseded ? 'superseded' : version.state === 'locked' ? 'locked' : 'draft',
    edition: version.edition,
    content: version.content,
    contentHash: protocolHash(version.content),
    changes: presentChanges(version, versions),
    createdBy: version.createdBy,
    createdAt: version.createdAt,
    lock: version.lock?.signed.signature ?? null
  };
}

function presentChanges(version: StoredProtocol, versions: readonly StoredProtocol[]): Protocol['changes'] {
  const before: ProtocolContent | undefined = versions.find(other => other.version === version.version - 1)?.content;
  return before === undefined ? [] : changesBetween(before, version.content);
}

function otherEdition(draft: StoredProtocol | null): StudyError {
  return new StudyError(
    'protocol.edition',
    draft === null
      ? 'There is no such draft any more: it was locked or discarded. Load the protocol again.'
      : `Somebody else has saved this draft meanwhile (edition ${draft.edition}). Load it again, then make your changes.`
  );
}
