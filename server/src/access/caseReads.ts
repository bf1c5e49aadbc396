import type { ReadAccess, ReadPurpose, ReadState, Role } from '@voxcord/schemas/api';
import { meetsOthers, readRights, type ReadRights, type Standing, type WayOfWork } from './matrix.js';

/** What access depends on in a read. */
export interface ReadInCase {
  readonly id: string;
  readonly purpose: ReadPurpose;
  readonly access: ReadAccess;
  readonly state: ReadState;
  readonly reader: { readonly username: string };
  readonly protocol: { readonly version: number } | null;
  /** The earlier read of the same reader that this one repeats. */
  readonly repeatOf: string | null;
  readonly needsIndependence: boolean;
}

/** A case as one person stands in it: all its reads decide together who sees which. */
export class CaseReads {
  readonly standing: Standing;
  readonly #own: readonly ReadInCase[];

  constructor(
    private readonly reads: readonly ReadInCase[],
    private readonly role: Role,
    private readonly way: WayOfWork,
    private readonly username: string,
    private readonly isReleased: boolean
  ) {
    this.#own = reads.filter(read => read.purpose === 'reading' && read.reader.username === username);
    this.standing = standingOf(this.#own);
  }

  rightsTo(read: ReadInCase): ReadRights {
    return readRights({
      role: this.role,
      way: this.way,
      whose: read.reader.username === this.username ? 'own' : 'other',
      purpose: read.purpose,
      access: read.access,
      state: read.state,
      isUnderProtocol: read.protocol !== null,
      standing: this.standing,
      isReleased: this.isReleased,
      isForgotten: this.#own.some(({ repeatOf, state }) => repeatOf === read.id && state !== 'submitted'),
      needsIndependence: read.needsIndependence,
      hasRead: this.#own.some(({ protocol }) => protocol !== null)
    });
  }

  /** Whether the person meets others in the room of the case. */
  get meetsOthers(): boolean {
    return meetsOthers(this.role, this.standing, this.reads.some(isBlindByProtocol), this.isReleased);
  }
}

export function isBlindByProtocol({ access, purpose, protocol }: ReadInCase): boolean {
  return purpose === 'reading' && access === 'blind' && protocol !== null;
}

function standingOf(own: readonly ReadInCase[]): Standing {
  const blind = own.filter(isBlindByProtocol);
  if (blind.length === 0) return 'free';
  return blind.every(({ state }) => state === 'submitted') ? 'bound' : 'blinded';
}
