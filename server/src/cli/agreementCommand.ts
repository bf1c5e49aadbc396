import { availableParallelism } from 'node:os';
import { agreementInThreads } from '../agreement/agreementThreads.js';
import { declaredSpacing } from '../agreement/declaredSpacing.js';
import {
  AgreementError,
  segmentExtents,
  SURFACE_DEFINITIONS,
  type KappaRegion,
  type ReadLabels,
  type SurfaceDefinition
} from '../agreement/index.js';
import { agreementReport, agreementText } from './agreementReport.js';
import { describeFlip, findFlippedReads } from '../consensus/index.js';
import { RefusedError, UsageError } from './commandErrors.js';
import { readLabelFile, type LabelFile } from './labelFiles.js';
import { requireOneGrid, resampledOnto } from './labelGrids.js';
import { distinctNames } from './labelNames.js';
import type { Output } from './output.js';

export interface AgreementCommandOptions {
  readonly tau: number;
  readonly segment: readonly number[];
  readonly roi: KappaRegion;
  readonly definition: readonly SurfaceDefinition[];
  readonly resample: boolean;
  readonly threads?: number;
}

/** `voxcord agreement FILE FILE ...`: how far label maps agree, pair by pair and segment by segment. */
export async function agreementCommand(
  paths: readonly string[],
  options: AgreementCommandOptions,
  output: Output
): Promise<void> {
  if (paths.length < 2) throw new UsageError('Agreement is between reads: give two files or more.');
  const files = await readAll(paths, options.resample, output);
  const [first] = files;
  if (first === undefined) return;
  const extents = files.map(({ labels, dims }) => segmentExtents(labels, dims));
  const segments =
    options.segment.length > 0 ? options.segment : [...new Set(extents.flatMap(each => [...each.keys()]))];
  const numbers = [...new Set(segments)].sort((a, b) => a - b);
  const names = distinctNames(files);
  const reads = files.map(({ labels }, at) => ({ name: names[at] ?? '', labels }));
  const absent = numbers.filter(number => !extents.some(each => each.has(number)));
  const warnings = [...warningsAbout(reads, numbers, first), ...absent.map(number => `No file has segment ${number}.`)];
  for (const warning of warnings) output.note(`warning: ${warning}`);
  try {
    const agreement = await agreementInThreads(
      reads,
      numbers,
      { dims: first.dims, spacing: declaredSpacing(first.spacing) },
      {
        tau: options.tau,
        kappaRoi: options.roi,
        definitions: options.definition.length > 0 ? options.definition : SURFACE_DEFINITIONS
      },
      {
        threads: options.threads ?? availableParallelism(),
        progress: fraction => output.progress('Measuring', fraction)
      }
    );
    const named = files.map(({ path }, at) => ({ name: names[at] ?? '', path }));
    const report = agreementReport(agreement, named, warnings);
    output.result(report, agreementText(report));
  } catch (error) {
    if (error instanceof AgreementError) throw new RefusedError(error.code, error.message, { cause: error });
    throw error;
  }
}

async function readAll(paths: readonly string[], resample: boolean, output: Output): Promise<LabelFile[]> {
  const files: LabelFile[] = [];
  for (const path of paths) files.push(await readLabelFile(path));
  const [first] = files;
  if (first === undefined || !resample) {
    requireOneGrid(files);
    return files;
  }
  output.note(`Resampling onto the grid of ${first.path} (nearest neighbour)`);
  return files.map(file => (file === first ? file : resampledOnto(file, first)));
}

/** A read that was saved upside down spoils every figure: it is measured as it is, and told. */
function warningsAbout(reads: readonly ReadLabels[], segments: readonly number[], { dims }: LabelFile): string[] {
  if (segments.length === 0) return ['No file has a segment: there is nothing to compare.'];
  return findFlippedReads(
    reads.map(({ name, labels }) => ({ id: name, labels })),
    dims
  )
    .filter(({ segment }) => segments.includes(segment))
    .map(describeFlip);
}
