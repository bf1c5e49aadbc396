import type { NewPassphrase, Person, Signature, SigningKey as SigningState } from '@voxcord/schemas/api';
import type { PublicKeyRecord } from '@voxcord/schemas/files';
import type { Catalogue } from '../store/store.js';
import {
  countAttempt,
  createSigningKey,
  lockedFor,
  NO_ATTEMPTS,
  signWithKeys,
  TruthError,
  unlockSigningKey,
  type SignedRecord,
  type SigningAct,
  type UnlockedKey
} from '../truth/index.js';
import { StudyError } from './errors.js';
import { actorOf, type Journal } from './journal.js';
import type { OneAtATime } from './oneAtATime.js';
import { readSigningKey, type StoredSignature, type StoredSigningKey } from './records.js';

/** Chain of what belongs to no project: people's keys. */
export const SERVICE_CHAIN = '00000000-0000-4000-8000-000000000000';

/** People's signing keys: made under a passphrase, opened with it, locked after too many wrong ones. */
export class Signing {
  constructor(
    private readonly catalogue: Catalogue,
    private readonly journal: Journal,
    private readonly turns: OneAtATime,
    readonly serviceKey: UnlockedKey,
    private readonly now: () => Date
  ) {}

  async state({ username }: Person): Promise<SigningState> {
    const stored = await this.#find(username);
    if (stored === null) return { keyId: null, createdAt: null, lockedUntil: null };
    const { id, createdAt } = stored.key.public;
    const isLocked = lockedFor(stored.attempts, this.now().getTime()) > 0;
    const until = isLocked ? stored.attempts.lockedUntil : null;
    return { keyId: id, createdAt, lockedUntil: until === null ? null : new Date(until).toISOString() };
  }

  /**
   * Makes the person's key, or a new one if `current` is right; older signatures stay valid. Rejects with `StudyError`
   * (`signing.key-exists`), `TruthError` (`signing.passphrase`, `signing.locked`).
   */
  async setPassphrase(person: Person, { passphrase, current }: NewPassphrase): Promise<SigningState> {
    const { username, displayName } = person;
    const stored = await this.#find(username);
    if (stored !== null) {
      if (current === undefined) {
        throw new StudyError('signing.key-exists', 'You have a signing passphrase: give it too, to change it.');
      }
      await this.unlock(person, current, SERVICE_CHAIN);
    }
    const key = await createSigningKey({ kind: 'person', username, name: displayName }, passphrase, this.now());
    const told = {
      actor: actorOf(person),
      action: stored === null ? 'signing-key.created' : 'signing-key.replaced',
      subject: { kind: 'key', id: key.public.id, sha256: key.public.id },
      details: { publicKey: key.public.publicKey }
    };
    if (stored === null) {
      const made: StoredSigningKey = { username, key, earlier: [], attempts: NO_ATTEMPTS, untold: null };
      await this.journal.insert('signing-key', username, null, made, SERVICE_CHAIN, told);
    } else {
      await this.journal.update('signing-key', username, readSigningKey, SERVICE_CHAIN, now => ({
        value: { ...now, key, earlier: [...now.earlier, now.key.public], attempts: NO_ATTEMPTS },
        told
      }));
    }
    return this.state(person);
  }

  /**
   * Opens the person's key: the re-authentication that a signature needs. Wrong passphrases are counted and told to the
   * audit log of `chain`. Rejects with `StudyError` (`signing.no-key`), `TruthError` (`signing.passphrase`,
   * `signing.locked`).
   */
  unlock(person: Person, passphrase: string, chain: string): Promise<UnlockedKey> {
    // One guess after the other, or many at once would count as one.
    return this.turns.take(`signing/${person.username}`, async () => {
      const stored = await this.#find(person.username);
      if (stored === null) {
        throw new StudyError('signing.no-key', 'You have no signing passphrase yet: choose one, then sign.');
      }
      const wait = lockedFor(stored.attempts, this.now().getTime());
      if (wait > 0) throw locked(wait);
      try {
        const key = await unlockSigningKey(stored.key, passphrase);
        if (stored.attempts.wrong > 0) await this.#forgive(person.username);
        return key;
      } catch (error) {
        if (error instanceof TruthError && error.code === 'signing.passphrase') await this.#count(person, chain);
        throw error;
      }
    });
  }

  /** Signs with a key that is open. The service signs too, to say that it happened here. */
  sign(key: UnlockedKey, record: SignedRecord, act: SigningAct): StoredSignature {
    const signature: Signature = {
      username: act.signer.username,
      name: act.signer.name,
      time: act.time.toISOString(),
      meaning: act.meaning,
      keyId: key.public.id
    };
    return { signature, envelope: signWithKeys(record, act, key, [this.serviceKey]) };
  }

  /** All public keys that somebody has signed with, oldest first. */
  async publicKeysOf(username: string): Promise<PublicKeyRecord[]> {
    const stored = await this.#find(username);
    return stored === null ? [] : [...stored.earlier, stored.key.public];
  }

  async #find(username: string): Promise<StoredSigningKey | null> {
    const value = await this.catalogue.get('signing-key', username);
    return value === null ? null : readSigningKey(value);
  }

  async #count(person: Person, chain: string): Promise<void> {
    const { username } = person;
    const now = this.now().getTime();
    await this.journal.update('signing-key', username, readSigningKey, chain, stored => {
      const { attempts, event } = countAttempt(stored.attempts, false, now);
      const subject = { kind: 'key', id: stored.key.public.id, sha256: stored.key.public.id };
      return {
        value: { ...stored, attempts },
        told: { actor: actorOf(person), action: event ?? 'signing.wrong-passphrase', subject, details: { ...attempts } }
      };
    });
  }

  async #forgive(username: string): Promise<void> {
    const stored = await this.catalogue.get('signing-key', username);
    await this.catalogue.replace('signing-key', username, stored, { ...readSigningKey(stored), attempts: NO_ATTEMPTS });
  }
}

function locked(milliseconds: number): TruthError {
  const minutes = Math.ceil(milliseconds / 60_000);
  return new TruthError(
    'signing.locked',
    `Too many wrong passphrases: signing is locked. Try again in ${minutes} minutes.`
  );
}
