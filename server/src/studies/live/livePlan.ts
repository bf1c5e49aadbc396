import type { Person } from '@voxcord/schemas/api';
import type { Vector } from '@voxcord/schemas/geometry';
import type { Dims } from '@voxcord/schemas/labelmap';
import { mayWatchLive, truthRights } from '../../access/truthMatrix.js';
import type { WayOfWork } from '../../access/matrix.js';
import type { ProjectAccess, SeenCase } from '../../projects/projectAccess.js';
import type { StoredRead } from '../../projects/records.js';
import { newestRevision, readerKind, readsThatCount } from '../consensus/consensusReads.js';
import { methodsWithoutWeights, modelsThatVote } from '../consensus/modelReads.js';
import { segmentRules } from '../consensus/segmentRules.js';
import type { Volumes } from '../../projects/volumes.js';
import type { Catalogue } from '../../store/store.js';
import type { StoredProtocol } from '../records.js';
import type { ReleasedCases } from '../releasedCases.js';
import type { LiveRules } from './liveTask.js';

/** What the live consensus of a case is made of: the same for everybody who may watch it. */
export interface LivePlan {
  readonly caseId: string;
  readonly reads: readonly StoredRead[];
  /** By read. */
  readonly weights: readonly number[];
  /** By read: segments that its reader has not looked for, as was signed with the newest revision. */
  readonly notRead: readonly (readonly number[])[];
  /** Null: no protocol is in force. */
  readonly protocol: StoredProtocol | null;
  /** Equal for plans that give the same consensus. */
  readonly key: string;
}

/** The grid that the reads of a case lie on. */
export interface LiveGrid {
  readonly volume: string;
  readonly dims: Dims;
  readonly spacing: Vector;
}

/** Readers whose votes a live consensus tells apart. */
export const MOST_READERS = 16;

/**
 * The plan for a case that the person may watch; null if there is none for them, whatever the reason: two reads that
 * have begun are needed, and each of them must be one that the person may look at. Throws `ProjectError`, `StudyError`.
 */
export async function planLive(
  access: ProjectAccess,
  catalogue: Catalogue,
  released: ReleasedCases,
  person: Person,
  caseId: string
): Promise<LivePlan | null> {
  const seen = await access.case_(person, caseId);
  const isReleased = await released.has(caseId);
  const { role, protocol, view } = seen;
  const truth = truthRights({ role, way: wayOf(protocol), standing: view.standing, isReleased });
  const reads = readsThatAreLive(seen);
  const rights = reads.map(read => view.rightsTo(read));
  if (reads.length < 2 || !mayWatchLive(truth, rights)) return null;
  const weights = reads.map(({ reader }) =>
    readerKind(reader) === 'model' && protocol !== null ? protocol.content.consensus.modelWeight : 1
  );
  const notRead = await Promise.all(reads.map(read => segmentsNotRead(catalogue, read)));
  const key = JSON.stringify([protocol?.version ?? null, reads.map(({ id }) => id), weights, notRead]);
  return { caseId, reads, weights, notRead, protocol, key };
}

/** Not read is not background. A read that is open again is drawn anew: all of it counts. */
async function segmentsNotRead(catalogue: Catalogue, read: StoredRead): Promise<readonly number[]> {
  if (read.state !== 'submitted') return [];
  const { revision } = await newestRevision(catalogue, read);
  return revision.manifest.notRead ?? [];
}

/** Under a protocol the reads that it asks for, and models that have a say; else those that people share. Only what has begun. */
function readsThatAreLive({ reads, protocol }: SeenCase): StoredRead[] {
  const counting =
    protocol === null
      ? reads.filter(read => read.purpose === 'reading' && read.protocol === null && read.access !== 'blind')
      : [...readsThatCount(reads), ...liveModels(reads, protocol)];
  return counting.filter(({ state }) => state !== 'assigned');
}

/** Models that have a say, if the methods can give them theirs. */
function liveModels(reads: readonly StoredRead[], { content: { consensus } }: StoredProtocol): StoredRead[] {
  return methodsWithoutWeights(consensus).length === 0 ? modelsThatVote(reads, consensus) : [];
}

/** `segments`: those of the reads' label schemas. */
export function rulesOf({ protocol }: LivePlan, segments: readonly number[]): LiveRules {
  if (protocol === null) return { kind: 'majority', segments: [...new Set(segments)] };
  return { kind: 'protocol', rules: segmentRules(protocol.content.segments, protocol.content.consensus) };
}

/** The grid that all reads of a case lie on. */
export async function liveGridOf(volumes: Volumes, { reads }: LivePlan): Promise<LiveGrid> {
  const hash = reads[0]?.volume ?? '';
  if (reads.some(({ volume }) => volume !== hash))
    throw new RangeError('The reads of a case lie on different volumes.');
  const { volume } = await volumes.get(hash);
  return { volume: hash, dims: volume.grid.dims, spacing: volume.spacing };
}

function wayOf(protocol: StoredProtocol | null): WayOfWork {
  if (protocol === null) return 'free';
  return protocol.content.readers.blind ? 'blind' : 'visible';
}
