import type { Person, Read, Segment } from '@voxcord/schemas/api';
import type { StrokeOrigin } from '@voxcord/schemas/rooms';
import { SnapshotStore } from '../../labelmap/snapshotStore.js';
import { presentRead } from '../../projects/presentation.js';
import { denied, type ProjectAccess } from '../../projects/projectAccess.js';
import { readRead, type StoredRead } from '../../projects/records.js';
import type { AskedStrokes } from '../../rooms/paintFor.js';
import { StoreError, type Store } from '../../store/store.js';
import { aboutRead, actorOf, type Journal } from '../journal.js';
import { modelOrigin, type CopiedDetails } from '../originDetails.js';
import { runCopyStrokes } from './copyStrokesThread.js';
import { matchSegments } from './matchSegments.js';
import { ModelJobError } from './modelJobError.js';

/** What is asked of the rooms. */
export interface PaintPort {
  readSegments(readId: string): Promise<Segment[]>;
  paintFor(
    person: Person,
    readId: string,
    prepare: (lamport: number) => Promise<Omit<AskedStrokes, 'person'>>
  ): Promise<boolean>;
}

export interface CopyParts {
  readonly store: Store;
  readonly access: ProjectAccess;
  readonly rooms: PaintPort;
  readonly journal: Journal;
  readonly now: () => Date;
}

/** What is copied from where. */
export interface WantedCopy {
  /** The read of a model. */
  readonly from: string;
  /** Numbers of segments there. */
  readonly segments: readonly number[];
}

interface FoundCopy {
  readonly source: StoredRead;
  readonly labelled: NonNullable<StoredRead['labelled']>;
  readonly segments: readonly { readonly from: number; readonly to: number }[];
}

/** What models have labelled, painted into reads of people by their own wish, with its origin. */
export class ModelCopies {
  readonly #snapshots: SnapshotStore;

  constructor(private readonly parts: CopyParts) {
    this.#snapshots = new SnapshotStore(parts.store);
  }

  /**
   * Paints segments of a model's read into a read, in the name of the person: one gesture, which their undo takes back.
   * Where it comes from stands in the room's document, in the read, and in its next revision. Resolves when it is durable.
   * Rejects with `ModelJobError` (`copy.not-a-model`, `copy.other-volume`, `copy.segment`, `copy.empty`), `ProjectError`,
   * `StudyError`, `RoomError`.
   */
  async copy(person: Person, readId: string, wanted: WantedCopy): Promise<Read> {
    const { access, rooms } = this.parts;
    const { read } = await access.writableRead(person, readId);
    const found = await this.#find(person, read, wanted);
    const manifest = await this.#snapshots.manifest(found.source.id, found.labelled.snapshot);
    if (manifest === null) throw new StoreError('corrupt', 'What a model has labelled is missing. Restore a backup.');
    const { bricks } = await this.#snapshots.load(manifest);
    const at = this.parts.now().toISOString();
    const isPainted = await rooms.paintFor(person, readId, async lamport => {
      const records = await runCopyStrokes({ dims: manifest.dims, bricks, segments: found.segments, lamport });
      if (records.length === 0) {
        throw new ModelJobError('copy.empty', 'The model has found nothing of this: there is nothing to copy.');
      }
      // Before the strokes: none of them is ever without its origin.
      await this.#note(person, read, found, at);
      return { records, origin: originOf(found, at) };
    });
    if (!isPainted) throw denied('paint in this read');
    const { read: painted, readRights } = await access.read(person, readId);
    return presentRead(painted, readRights);
  }

  async #find(person: Person, read: StoredRead, { from, segments }: WantedCopy): Promise<FoundCopy> {
    const { read: source } = await this.parts.access.viewableRead(person, from);
    const { labelled } = source;
    if (labelled === null) {
      throw new ModelJobError('copy.not-a-model', 'Only what a model has labelled can be copied: choose its read.');
    }
    if (source.volume !== read.volume) {
      throw new ModelJobError('copy.other-volume', 'The model has labelled another image than the one that you read.');
    }
    const chosen = segments.map(number => source.segments.find(segment => segment.number === number));
    const known = chosen.filter(segment => segment !== undefined);
    if (known.length < chosen.length)
      throw new ModelJobError('copy.segment', 'The read of the model has no such segment.');
    const channels = known.map(segment => ({ ...segment, kind: 'structure' as const, channel: segment.number }));
    const matched = matchSegments(channels, await this.parts.rooms.readSegments(read.id), true);
    if (matched.dropped.length > 0) {
      const names = matched.dropped.map(({ name }) => name).join(', ');
      throw new ModelJobError('copy.segment', `Your read has no segment ${names}: add it first, with the same name.`);
    }
    return {
      source,
      labelled,
      segments: matched.channels.map(({ channel, segment }) => ({ from: channel, to: segment }))
    };
  }

  async #note(person: Person, read: StoredRead, found: FoundCopy, at: string): Promise<void> {
    const { model, segments, ...where } = originOf(found, at);
    const details: CopiedDetails = { model: { ...model }, ...where, segments: [...segments], by: person.username };
    await this.parts.journal.update('read', read.id, readRead, read.projectId, current => {
      // It was submitted while the strokes were made: its next revision would tell of what was never painted.
      if (current.state !== 'open') throw denied('paint in this read');
      return {
        value: { ...current, origins: [...current.origins, modelOrigin(details)] },
        told: {
          actor: actorOf(person),
          action: 'read.copied-from-model',
          subject: aboutRead(read.id),
          details: { case: read.caseId, ...details }
        }
      };
    });
  }
}

function originOf({ source, labelled, segments }: FoundCopy, at: string): StrokeOrigin {
  return {
    model: labelled.provenance.model,
    read: source.id,
    revision: source.revisions.at(-1) ?? null,
    segments,
    at
  };
}
