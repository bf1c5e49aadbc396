import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import path from 'node:path';
import type { EvaluatedCase } from '@voxcord/schemas/api';
import type { ReleaseManifest } from '@voxcord/schemas/files';
import { affineFromRows, spacing } from '@voxcord/schemas/geometry';
import { declaredSpacing } from '../agreement/declaredSpacing.js';
import type { SurfaceDefinition } from '../agreement/index.js';
import { evaluateInThread } from '../evaluation/evaluationThread.js';
import {
  EvaluationError,
  summariseEvaluation,
  type CaseToEvaluate,
  type EvaluatedKind,
  type EvaluationGrid,
  type EvaluationSettings
} from '../evaluation/index.js';
import { reportFiles } from '../evaluation/report/reportFiles.js';
import { evaluationText } from '../evaluation/report/evaluationText.js';
import type { EvaluationReport } from '../evaluation/report/evaluationReport.js';
import { SOFTWARE, type ReleaseFiles } from '../truth/index.js';
import { readNifti, toCanonicalGrid } from '../truth/niftiFile.js';
import { RefusedError, UsageError } from './commandErrors.js';
import { warningsAbout, warningsAboutLabels, warningsAboutScores } from './evaluateWarnings.js';
import { readLabelFile, type LabelFile } from './labelFiles.js';
import { gridDifferences, type FileGrid } from './labelGrids.js';
import type { Output } from './output.js';
import { findCaseFiles, type CaseFiles } from './predictionFiles.js';
import { rulesOf, strataOf, type EvaluationRules } from './releaseRules.js';
import { openRelease, type ReleaseSource } from './releaseSource.js';
import { readScores } from './scoreFiles.js';
import { writeWholeFiles } from './wholeFiles.js';

export interface EvaluateCommandOptions {
  readonly scores?: string;
  readonly output?: string;
  readonly missing: 'count-as-empty' | 'leave-out' | 'refuse';
  readonly tau?: number;
  readonly definition: readonly SurfaceDefinition[];
  readonly lesion: readonly number[];
  /** Number in the predictions by number in the release. */
  readonly map: ReadonlyMap<number, number>;
  readonly score: EvaluationSettings['score'];
  readonly allowBroken: boolean;
  readonly threads?: number;
}

const SCORE_SUFFIXES = ['scores', 'score', 'probabilities'];

/** `voxcord evaluate RELEASE PREDICTIONS`: label maps of a model, or of anybody, against the truth of a release. */
export async function evaluateCommand(
  releasePath: string,
  predictions: string,
  options: EvaluateCommandOptions,
  output: Output
): Promise<void> {
  output.note('Checking the release');
  const source = await openRelease(path.resolve(releasePath), options.allowBroken);
  const { manifest } = source;
  const rules = rulesOf(manifest, options);
  const files = await findCaseFiles(path.resolve(predictions), manifest.cases, []);
  const scores =
    options.scores === undefined
      ? null
      : await findCaseFiles(path.resolve(options.scores), manifest.cases, SCORE_SUFFIXES);
  requirePredictions(manifest, files, options);
  const unknown = new Set<number>();
  const cases = await evaluateAll(source, files, scores, { ...options, ...rules, unknown }, output);
  const warnings = [
    ...warningsAbout(source, files, options.missing),
    ...rules.warnings,
    ...warningsAboutLabels(unknown),
    ...warningsAboutScores(manifest, files, scores)
  ];
  const result = summariseEvaluation({ names: rules.names, settings: rules.settings, cases, warnings });
  for (const { text } of result.warnings) output.note(`warning: ${text}`);
  const report: EvaluationReport = {
    release: {
      project: { id: manifest.project.id, title: manifest.project.title },
      version: manifest.version,
      sha256: source.sha256,
      valid: source.verdict.valid,
      serviceKey: manifest.serviceKey
    },
    subject: path.basename(path.resolve(predictions)),
    predictions: await hashed(manifest, files),
    software: { ...SOFTWARE },
    result
  };
  const folder = options.output === undefined ? null : path.resolve(options.output);
  if (folder !== null) await writeReport(folder, report);
  const written = folder === null ? '' : `\nReport: ${path.join(folder, 'report.html')}`;
  output.result(report, `${evaluationText(report)}${written}`);
}

type Rules = EvaluateCommandOptions &
  EvaluationRules & {
    /** Numbers in predictions that stand for nothing in the release; found on the way. */
    readonly unknown: Set<number>;
  };

async function evaluateAll(
  source: ReleaseSource,
  files: CaseFiles,
  scores: CaseFiles | null,
  rules: Rules,
  output: Output
): Promise<EvaluatedCase[]> {
  const { cases } = source.manifest;
  const found: EvaluatedCase[] = [];
  let done = 0;
  const waiting = [...cases.entries()];
  // A case that fails stops the others.
  const abort = new AbortController();
  const work = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const [index, each] = next;
      found[index] = await evaluateOne(source, each, files, scores, rules, abort.signal);
      output.progress('Evaluating', (done += 1) / cases.length);
    }
  };
  const threads = Math.min(rules.threads ?? availableParallelism(), cases.length);
  try {
    await Promise.all(Array.from({ length: Math.max(1, threads) }, work));
  } catch (error) {
    waiting.length = 0;
    abort.abort();
    if (error instanceof EvaluationError) throw new RefusedError(error.code, error.message, { cause: error });
    throw error;
  }
  return found;
}

type ReleasedCase = ReleaseManifest['cases'][number];

async function evaluateOne(
  { files: released }: ReleaseSource,
  each: ReleasedCase,
  files: CaseFiles,
  scores: CaseFiles | null,
  rules: Rules,
  signal: AbortSignal
): Promise<EvaluatedCase> {
  const { id: caseId, title, geometry } = each;
  const file = files.byCase.get(caseId) ?? null;
  const about = { caseId, title, prediction: file === null ? null : path.basename(file), strata: strataOf(each) };
  if (file === null && rules.missing === 'leave-out') {
    return { ...about, standing: 'left-out', segments: [], lesions: [] };
  }
  const affine = affineFromRows(geometry.grid.affine);
  const grid: EvaluationGrid = { dims: geometry.grid.dims, affine, spacing: declaredSpacing(spacing(affine)) };
  const truth = await truthOf(released, each);
  const prediction = file === null ? null : await readPrediction(file, { ...grid, spacing: spacing(affine) }, title);
  const kinds = rules.names.map(({ number, kind }): EvaluatedKind => ({ number, kind }));
  const input: CaseToEvaluate = {
    grid,
    truth,
    prediction: prediction === null ? null : renumbered(prediction.labels, rules),
    segments: kinds,
    scores: await scoresOf(
      scores?.byCase.get(caseId) ?? null,
      kinds,
      { ...grid, spacing: spacing(affine) },
      rules,
      title
    )
  };
  try {
    const { segments, lesions } = await evaluateInThread(input, rules.settings, signal);
    return {
      ...about,
      standing: file === null ? 'counted-as-empty' : 'measured',
      segments: [...segments],
      lesions: [...lesions]
    };
  } catch (error) {
    if (error instanceof EvaluationError) throw new EvaluationError(error.code, `${title}: ${error.message}`);
    throw error;
  }
}

/** On the canonical grid of the case. Throws `RefusedError`: who goes on with a broken release may find none. */
async function truthOf(files: ReleaseFiles, { title, truth, geometry }: ReleasedCase): Promise<Uint8Array> {
  const bytes = await files.read(truth.path).catch((cause: unknown) => cause);
  const voxels = bytes instanceof Uint8Array ? readNifti(bytes, geometry, false) : 'it is not there';
  const labels = typeof voxels === 'string' ? null : toCanonicalGrid(voxels, geometry);
  if (labels !== null) return labels;
  throw new RefusedError(
    'release.broken',
    `The truth of ${title} (${truth.path}) cannot be read. Get the release again from where it was published.`,
    { cause: bytes instanceof Uint8Array ? voxels : bytes }
  );
}

async function readPrediction(file: string, grid: FileGrid, title: string): Promise<LabelFile> {
  const labels = await readLabelFile(file);
  requireGrid(file, labels, grid, title);
  return labels;
}

function requireGrid(file: string, found: FileGrid, grid: FileGrid, title: string): void {
  const differences = gridDifferences(found, grid);
  if (differences.length === 0) return;
  throw new RefusedError(
    'grid.differs',
    `${file} is on another grid than the truth of ${title}: they differ in ${differences.join(', ')}. Write predictions ` +
      'on the grid of the image, in whatever orientation.'
  );
}

async function scoresOf(
  file: string | null,
  kinds: readonly EvaluatedKind[],
  grid: FileGrid,
  { map }: Rules,
  title: string
): Promise<ReadonlyMap<number, Float32Array>> {
  const scores = new Map<number, Float32Array>();
  if (file === null) return scores;
  for (const { number, kind } of kinds) {
    if (kind !== 'lesion') continue;
    const found = await readScores(file, map.get(number) ?? number);
    requireGrid(file, found, grid, title);
    scores.set(number, found.values);
  }
  return scores;
}

/** Numbers of the predictions as those of the release; one that stands for nothing there is background. */
function renumbered(labels: Uint8Array, { map, names, unknown }: Rules): Uint8Array {
  const numbers = new Uint8Array(256);
  const taken = new Set(map.values());
  for (const { number } of names) {
    const from = map.get(number) ?? (taken.has(number) ? 0 : number);
    if (from !== 0) numbers[from] = number;
  }
  const renamed = labels.map(label => numbers[label] ?? 0);
  for (const number of segmentNumbers(labels)) if (numbers[number] === 0) unknown.add(number);
  return renamed;
}

function segmentNumbers(labels: Uint8Array): number[] {
  const isThere = new Uint8Array(256);
  for (const label of labels) isThere[label] = 1;
  return [...isThere.keys()].filter(number => number > 0 && isThere[number] === 1);
}

function requirePredictions(
  manifest: ReleaseManifest,
  { byCase }: CaseFiles,
  { missing }: EvaluateCommandOptions
): void {
  const absent = manifest.cases.filter(({ id }) => !byCase.has(id)).map(({ title }) => title);
  if (absent.length === manifest.cases.length) {
    throw new UsageError(
      'The folder has no prediction for any case of the release. A file is called as the id or the title of its case, ' +
        `or as its image: ${manifest.cases[0]?.id ?? 'ID'}.nii.gz.`
    );
  }
  if (missing !== 'refuse' || absent.length === 0) return;
  throw new RefusedError('predictions.missing', `There is no prediction of ${absent.join(', ')}.`);
}

async function hashed({ cases }: ReleaseManifest, { byCase }: CaseFiles): Promise<EvaluationReport['predictions']> {
  const found: { case: string; file: string; sha256: string }[] = [];
  for (const { id } of cases) {
    const file = byCase.get(id);
    if (file === undefined) continue;
    const digest = createHash('sha256');
    for await (const part of createReadStream(file)) digest.update(part as Uint8Array);
    found.push({ case: id, file: path.basename(file), sha256: digest.digest('hex') });
  }
  return found;
}

async function writeReport(folder: string, report: EvaluationReport): Promise<void> {
  try {
    await mkdir(folder, { recursive: true });
  } catch (cause) {
    throw new RefusedError('output.unwritable', `${folder} cannot be written. Check the path and the free space.`, {
      cause
    });
  }
  await writeWholeFiles(
    reportFiles(report).map(({ name, text }) => ({
      file: path.join(folder, name),
      chunks: [Buffer.from(text, 'utf8')]
    }))
  );
}
