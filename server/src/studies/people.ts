import type { Person } from '@voxcord/schemas/api';
import type { IdentityVerifier } from '../identity/identityVerifier.js';
import { initialsOf, personColour } from '../identity/personColours.js';
import { StoreError, type Catalogue } from '../store/store.js';
import { readPerson, type StoredPerson } from './records.js';

/** People whom the service has seen. */
export class People {
  /** What is known to be stored, by username. */
  readonly #noted = new Map<string, string>();

  constructor(
    private readonly catalogue: Catalogue,
    private readonly now: () => Date
  ) {}

  /** Verifies identities as `identify` does and remembers whose they are. */
  noting(identify: IdentityVerifier): IdentityVerifier {
    return async token => {
      const person = await identify(token);
      await this.#note(person);
      return person;
    };
  }

  /** In the order in which they came. */
  async list(): Promise<Person[]> {
    return (await this.catalogue.list('person', null)).map(value => readPerson(value).person);
  }

  async find(username: string): Promise<Person | null> {
    const value = await this.catalogue.get('person', username);
    return value === null ? null : readPerson(value).person;
  }

  /** The person of this name; one who never was here is known by the name alone. */
  async named(username: string): Promise<Person> {
    const found = await this.find(username);
    if (found !== null) return found;
    return {
      username,
      displayName: username,
      initials: initialsOf(username),
      colour: personColour(username, undefined)
    };
  }

  async #note(person: Person): Promise<void> {
    const text = JSON.stringify(person);
    if (this.#noted.get(person.username) === text) return;
    const stored = await this.catalogue.get('person', person.username);
    if (stored === null) await this.#insert({ person, firstSeen: this.now().toISOString() });
    else {
      const { firstSeen } = readPerson(stored);
      await this.catalogue.replace('person', person.username, stored, { person, firstSeen });
    }
    this.#noted.set(person.username, text);
  }

  async #insert(seen: StoredPerson): Promise<void> {
    try {
      await this.catalogue.insert('person', seen.person.username, null, seen);
    } catch (error) {
      // On two connections at once.
      if (!(error instanceof StoreError) || error.code !== 'exists') throw error;
    }
  }
}
