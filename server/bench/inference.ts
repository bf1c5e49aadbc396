import { execFileSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { tellRows, type BenchRow } from '../../schemas/bench/benchRow.ts';
import { memoryNeeded } from '../lib/inference/memoryNeeded.js';
import type { InferenceVolume } from '../lib/inference/inferenceTask.js';
import { runInference } from '../lib/inference/runInference.js';
import { BRAIN, hasMeshNets, makeModelFolder, MESH_NETS } from '../tests/inference/support/meshNets.ts';
import { CLASSES, makeRandomModel, readModel } from './randomModel.ts';

/*
 * How long models take against ONNX Runtime for Python with the plain reference of the pipeline, at the same priority and on
 * the same image in the same run; whether the numbers are equal; and how much memory a whole CT takes. Needs
 * `tsc -b schemas server` and the Python environment (.venv) first.
 *
 *   node server/bench/inference.ts [--quick]
 */

const PYTHON = fileURLToPath(new URL('../../.venv/bin/python', import.meta.url));
const REFERENCE = fileURLToPath(new URL('./inference_onnxruntime.py', import.meta.url));
const CROP = fileURLToPath(new URL('../tests/inference/python/crop_image.py', import.meta.url));

const LIVER = fileURLToPath(new URL('../../models/liver-phantom', import.meta.url));

const RATIO = 1.05;
const DIFFERENCE = 1e-4;
const MEMORY_MB = 3000;
/** The best of so many runs counts: the machine may be busy with others. */
const RUNS = 3;
const FIRST_VOXEL = 352;

type Dims = readonly [number, number, number];

/** NIfTI-1 of int16 HU, waves and noise, voxels of 0.8 x 0.8 x 1 mm; written slice by slice. */
function writeImage(file: string, dims: Dims): void {
  const header = new DataView(new ArrayBuffer(FIRST_VOXEL));
  header.setInt32(0, 348, true);
  [3, ...dims, 1, 1, 1, 1].forEach((size, n) => header.setInt16(40 + 2 * n, size, true));
  header.setInt16(70, 4, true);
  header.setInt16(72, 16, true);
  [1, 0.8, 0.8, 1].forEach((size, n) => header.setFloat32(76 + 4 * n, size, true));
  header.setFloat32(108, FIRST_VOXEL, true);
  header.setInt16(254, 1, true);
  [0.8, 0, 0, 0, 0, 0.8, 0, 0, 0, 0, 1, 0].forEach((x, n) => header.setFloat32(280 + 4 * n, x, true));
  [0x6e, 0x2b, 0x31, 0].forEach((byte, n) => header.setUint8(344 + n, byte));
  const handle = openSync(file, 'w');
  writeSync(handle, new Uint8Array(header.buffer));
  const slice = new Int16Array(dims[0] * dims[1]);
  let state = 1;
  for (let k = 0; k < dims[2]; k++) {
    for (let n = 0; n < slice.length; n++) {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      const [i, j] = [n % dims[0], Math.floor(n / dims[0])];
      slice[n] = 100 + 200 * Math.sin(i / 17) * Math.cos(j / 23) * Math.cos(k / 11) + state / 2 ** 25;
    }
    writeSync(handle, slice);
  }
  closeSync(handle);
}

function volumeOf(file: string): InferenceVolume {
  const bytes = readFileSync(file).subarray(0, FIRST_VOXEL);
  const header = new DataView(bytes.buffer, bytes.byteOffset, FIRST_VOXEL);
  const dims = [42, 44, 46].map(at => header.getInt16(at, true));
  const affine = Array.from({ length: 12 }, (_, n) => header.getFloat32(280 + 4 * n, true));
  return {
    path: file,
    firstVoxel: header.getFloat32(108, true),
    voxelType: header.getInt16(70, true) === 2 ? 'uint8' : 'int16',
    dims: dims as unknown as Dims,
    affine: affine as unknown as InferenceVolume['affine'],
    slope: 1,
    intercept: 0,
    modality: 'unknown'
  };
}

async function once(
  modelFolder: string,
  volume: InferenceVolume,
  results: { readonly labels: string; readonly scores?: string }
): ReturnType<typeof runInference> {
  const scores = results.scores === undefined ? {} : { scoresFile: results.scores };
  return runInference(
    {
      modelFolder,
      file: readModel(modelFolder),
      volume,
      labelsFile: results.labels,
      ...scores,
      providers: ['cpu']
    },
    { signal: new AbortController().signal, report: () => undefined }
  );
}

async function compare(what: string, folder: string, model: string, image: string, runs: number): Promise<BenchRow[]> {
  const results = { labels: path.join(folder, 'labels'), scores: path.join(folder, 'scores') };
  const volume = volumeOf(image);
  let [measured, reference, difference, labels] = [Infinity, Infinity, 0, 0];
  // By turns, so that both meet the same machine.
  for (let run = 0; run < runs; run++) {
    measured = Math.min(measured, (await once(model, volume, results)).seconds);
    const args = [REFERENCE, model, image, results.labels, results.scores];
    const told = JSON.parse(execFileSync(PYTHON, args, { encoding: 'utf8' })) as Record<string, number>;
    reference = Math.min(reference, told.seconds ?? NaN);
    difference = Math.max(difference, told.difference ?? NaN);
    labels = Math.max(labels, told.labels ?? NaN);
  }
  const name = `${what}, ${volume.dims.join('x')}`;
  return [
    {
      what: `${name}, with start of the process and results on disk`,
      unit: 's',
      measured,
      budget: `<= ${RATIO} of the baseline`,
      holds: measured <= RATIO * reference,
      baseline: `Python, in memory: ${reference.toFixed(2)} s`,
      ratio: measured / reference
    },
    ...[
      { what: `${name}: largest difference of scores`, measured: difference, limit: DIFFERENCE },
      { what: `${name}: labels that no tie explains`, measured: labels, limit: 0 }
    ].map(({ limit, ...row }) => ({
      ...row,
      unit: '',
      budget: `<= ${limit}`,
      holds: row.measured <= limit,
      baseline: null,
      ratio: null
    }))
  ];
}

/** A whole CT, five classes, with clean-up. */
async function wholeScan(folder: string): Promise<BenchRow[]> {
  const model = path.join(folder, 'large');
  const file = makeRandomModel(model, 96, 0.25);
  const image = path.join(folder, 'scan.nii');
  writeImage(image, [512, 512, 300]);
  const volume = volumeOf(image);
  const outcome = await once(model, volume, { labels: path.join(folder, 'labels') });
  const what = `${volume.dims.join('x')}, ${CLASSES} classes, windows of 96³`;
  return [
    {
      what: `${what}: most memory of the process`,
      unit: 'MB',
      measured: outcome.peakMemoryMb,
      budget: `<= ${MEMORY_MB} MB`,
      holds: outcome.peakMemoryMb <= MEMORY_MB,
      baseline: `arrays of the pipeline: ${Math.round(memoryNeeded(file, volume) / 1e6)} MB`,
      ratio: null
    },
    { what, unit: 's', measured: outcome.seconds, budget: null, holds: true, baseline: null, ratio: null }
  ];
}

const quick = process.argv.includes('--quick');
const runs = quick ? 1 : RUNS;
const folder = mkdtempSync(path.join(tmpdir(), 'voxcord-bench-inference-'));
try {
  const rows: BenchRow[] = [];
  const image = path.join(folder, 'image.nii');
  writeImage(image, quick ? [200, 200, 120] : [320, 320, 200]);
  rows.push(...(await compare('windows, resampled, liver-phantom', folder, LIVER, image, runs)));
  const [net] = MESH_NETS;
  if (hasMeshNets && net !== undefined) {
    const head = path.join(folder, 'head.nii');
    const size = quick ? [160, 160, 160] : [256, 256, 256];
    execFileSync(PYTHON, [CROP], { input: JSON.stringify({ image: BRAIN, first: [0, 0, 0], size, to: head }) });
    const mesh = path.join(folder, 'mesh');
    await makeModelFolder(net, mesh);
    rows.push(...(await compare(`whole field, ${net.name}`, folder, mesh, head, runs)));
  }
  if (!quick) rows.push(...(await wholeScan(folder)));
  tellRows(rows);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
