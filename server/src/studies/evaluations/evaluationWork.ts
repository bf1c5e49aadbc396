import {
  MODALITY,
  type EvaluatedCase,
  type EvaluationResult,
  type EvaluationWarning,
  type ProtocolContent
} from '@voxcord/schemas/api';
import { affineFromRows } from '@voxcord/schemas/geometry';
import { sameDims } from '@voxcord/schemas/labelmap';
import { SURFACE_DEFINITIONS } from '../../agreement/index.js';
import type { EvaluationSettings, EvaluationSubject } from '../../evaluation/index.js';
import { readVolume } from '../../projects/records.js';
import { StoreError, type Store } from '../../store/store.js';
import { readConsensus } from '../consensus/consensusRecords.js';
import { readerKind } from '../consensus/consensusReads.js';
import type { FixedLabelMaps } from '../fixedLabelMaps.js';
import { protocolVersion } from '../protocolVersions.js';
import { readRevision, type StoredRevision } from '../records.js';
import { readRelease, type StoredReleasedCase } from '../releases/releaseRecords.js';
import type { StoredEvaluation } from './evaluationRecords.js';
import { measureCase, summarise } from './evaluationThread.js';
import { loadScores } from './keptScores.js';

/** Those that are not but a percentile. */
const DEFINITIONS = SURFACE_DEFINITIONS.filter(each => each !== 'medpy' && each !== 'mean-of-directed');

/** mm, and parts of a voxel's directions; affines that differ by less are the same. */
const SAME_AFFINE = 1e-3;

/** Measures the reads of a reader by the truth of a release, case by case. */
export class EvaluationWork {
  constructor(
    private readonly store: Store,
    private readonly maps: FixedLabelMaps
  ) {}

  /** Rejects with `ThreadCancelled` once `signal` is aborted, or with `StoreError`. */
  async run(
    evaluation: StoredEvaluation,
    report: (done: number, step: string) => void,
    signal: AbortSignal
  ): Promise<EvaluationResult> {
    const { catalogue } = this.store;
    const release = readRelease(await catalogue.get('release', evaluation.release.id));
    const protocol = await protocolVersion(catalogue, release.projectId, release.protocolVersion);
    if (protocol === null) throw new StoreError('corrupt', 'The protocol of a release is missing. Restore a backup.');
    const { content } = protocol;
    const settings = settingsOf(content);
    const cases: CaseOfReader[] = [];
    for (const [index, each] of release.cases.entries()) {
      report((0.9 * index) / release.cases.length, `Measuring ${each.title}`);
      cases.push(await this.#case(evaluation, each, content, settings, signal));
    }
    report(0.9, 'Drawing up figures over cases');
    const subject: EvaluationSubject = {
      names: content.segments.map(({ number, name, kind }) => ({ number, name, kind })),
      settings,
      cases: cases.map(({ evaluated }) => evaluated),
      warnings: warningsOf(evaluation, cases, content)
    };
    return summarise(subject, signal);
  }

  async #case(
    { revisions, missing, reader }: StoredEvaluation,
    each: StoredReleasedCase,
    { segments }: ProtocolContent,
    settings: EvaluationSettings,
    signal: AbortSignal
  ): Promise<CaseOfReader> {
    const { catalogue } = this.store;
    const draft = readConsensus(await catalogue.get('consensus', each.consensus));
    const [first] = draft.readers;
    const hash =
      first === undefined ? '' : readRevision(await catalogue.get('revision', first.revision)).manifest.volume;
    const { volume } = readVolume(await catalogue.get('volume', hash));
    const named = revisions.find(({ caseId }) => caseId === each.caseId);
    const revision = named === undefined ? null : readRevision(await catalogue.get('revision', named.revision));
    const about = {
      caseId: each.caseId,
      title: each.title,
      prediction: revision?.hash ?? null,
      strata: { ...each.strata, [MODALITY]: volume.modality }
    };
    const isInTruth = draft.readers.some(
      ({ reader: { username }, weight }) => username === reader.username && weight > 0
    );
    const isElsewhere = revision !== null && !isOnGrid(revision, volume.grid);
    const known = { revision, isInTruth, isElsewhere, damagedScores: [] };
    if (isElsewhere || (revision === null && missing === 'leave-out')) {
      return { ...known, evaluated: { ...about, standing: 'left-out', segments: [], lesions: [] } };
    }
    const lesions = segments.filter(({ kind }) => kind === 'lesion').map(({ number }) => number);
    const { figures, damagedScores } = await measureCase(
      {
        kind: 'case',
        grid: { dims: volume.grid.dims, affine: affineFromRows(volume.grid.affine), spacing: volume.spacing },
        truth: await this.maps.load(each.labelMap),
        prediction: revision === null ? null : await this.maps.load(revision.labelMap),
        scores: revision === null ? [] : await loadScores(this.store.blobs, revision, lesions),
        segments: segments.filter(({ number }) => revision === null || hasRead(revision, number)),
        settings
      },
      signal
    );
    return {
      ...known,
      damagedScores,
      evaluated: {
        ...about,
        standing: revision === null ? 'counted-as-empty' : 'measured',
        segments: [...figures.segments],
        lesions: [...figures.lesions]
      }
    };
  }
}

/** A case, and what has to be said of it. */
interface CaseOfReader {
  readonly evaluated: EvaluatedCase;
  readonly revision: StoredRevision | null;
  /** The reader's own read counted when the truth was made. */
  readonly isInTruth: boolean;
  /** The read is of an image on another grid. */
  readonly isElsewhere: boolean;
  /** Segments whose scores are lost or damaged. */
  readonly damagedScores: readonly number[];
}

function settingsOf({ agreement, consensus }: ProtocolContent): EvaluationSettings {
  const { surface, tolerance } = agreement;
  return {
    definitions: [surface, ...DEFINITIONS.filter(each => each !== surface)],
    tau: tolerance,
    matching: consensus.lesions.matching,
    score: 'maximum'
  };
}

function isOnGrid({ manifest }: StoredRevision, grid: StoredRevision['manifest']['geometry']['grid']): boolean {
  const own = manifest.geometry.grid;
  return (
    sameDims(own.dims, grid.dims) &&
    own.affine.every((value, index) => Math.abs(value - (grid.affine[index] ?? NaN)) <= SAME_AFFINE)
  );
}

/** What was not looked for is not background. */
function hasRead({ manifest: { segments, notRead } }: StoredRevision, number: number): boolean {
  return segments.some(segment => segment.number === number) && notRead?.includes(number) !== true;
}

function warningsOf(
  { reader, missing }: StoredEvaluation,
  cases: readonly CaseOfReader[],
  { segments }: ProtocolContent
): EvaluationWarning[] {
  const name = reader.displayName;
  const all = cases.length;
  const warnings: EvaluationWarning[] = [];
  const own = cases.filter(({ isInTruth, revision }) => isInTruth && revision !== null).length;
  if (own > 0) {
    const text =
      `${name} is one of the readers whom the truth of ${own} of ${all} cases was made of: these figures are better than ` +
      'those of somebody who was not.';
    warnings.push({ code: 'reader-in-truth', text });
  }
  if (readerKind(reader) === 'model') {
    const text =
      'Nothing is known here of the images that the model has learnt from. If these are among them, its figures on other ' +
      'images will be worse.';
    warnings.push({ code: 'training-data', text });
  }
  const unread = cases.filter(({ revision }) => revision === null).length;
  if (unread > 0) {
    const text = `${name} has not read ${unread} of ${all} cases: they ${missing === 'leave-out' ? 'are left out' : 'count as empty'}.`;
    warnings.push({ code: missing === 'leave-out' ? 'left-out' : 'missing-predictions', text });
  }
  const elsewhere = cases.filter(({ isElsewhere }) => isElsewhere).map(({ evaluated }) => evaluated.title);
  if (elsewhere.length > 0) {
    const text = `${name} has read another image, on another grid, of ${elsewhere.join(', ')}: these cases are left out.`;
    warnings.push({ code: 'left-out', text });
  }
  const damaged = cases.filter(({ damagedScores }) => damagedScores.length > 0).map(({ evaluated }) => evaluated.title);
  if (damaged.length > 0) {
    const text =
      `Scores that ${name} gave to its marks in ${damaged.join(', ')} are lost or damaged, so that there is no whole FROC ` +
      'curve. Have the data folder restored from a backup, then evaluate again.';
    warnings.push({ code: 'damaged-scores', text });
  }
  const notRead = segments.filter(({ number }) =>
    cases.some(({ revision }) => revision !== null && !hasRead(revision, number))
  );
  if (notRead.length > 0) {
    const text = `${name} has not looked for ${notRead.map(segment => segment.name).join(', ')} in every case: it counts where it was read.`;
    warnings.push({ code: 'segment-not-read', text });
  }
  return warnings;
}
