import { execFileSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Orientation } from '@voxcord/schemas/geometry';
import type { Dims } from '@voxcord/schemas/labelmap';
import { tellRows, type BenchRow } from '../../schemas/bench/benchRow.ts';
import { votesForSegment, votesInRegion } from '../lib/consensus/binaryVotes.js';
import { LiveConsensus, softIndexIn } from '../lib/consensus/index.js';
import { staple } from '../lib/consensus/staple.js';
import { readVotes } from '../lib/consensus/votePatterns.js';
import { voxelsInOrder } from '../lib/consensus/voxelOrder.js';

/*
 * How long STAPLE takes on a whole CT against SimpleITK on the same masks, and how long the live consensus takes to follow
 * a stroke. Needs `tsc -b schemas server` first, and SimpleITK in .venv.
 *
 *   node server/bench/consensus.ts [--quick] [--json]
 */

const PYTHON = fileURLToPath(new URL('../../.venv/bin/python', import.meta.url));
const REFERENCE = fileURLToPath(new URL('./consensus_simpleitk.py', import.meta.url));
const READERS = 5;
const AS_STORED: Orientation = [
  { axis: 0, sign: 1 },
  { axis: 1, sign: 1 },
  { axis: 2, sign: 1 }
];
const PARITY = 1e-9;

interface Reference {
  readonly seconds: number;
  readonly p: readonly number[];
  readonly q: readonly number[];
  readonly iterations: number;
  readonly posterior: Readonly<Record<string, number>>;
}

/** A liver-sized ellipsoid with waves on its surface, as each reader draws it. */
function drawn(dims: Dims, reader: number): Uint8Array {
  const [ni, nj, nk] = dims;
  const labels = new Uint8Array(ni * nj * nk);
  const [x, y, z] = [0.4 * ni + reader, 0.5 * nj - reader, 0.5 * nk + reader / 2];
  const [a, b, c] = [0.28 * ni + reader, 0.22 * nj - reader / 2, 0.3 * nk + reader / 3];
  for (let k = 0; k < nk; k++) {
    for (let j = 0; j < nj; j++) {
      const rest = 1 - ((j - y) / b) ** 2 - ((k - z) / c) ** 2;
      if (rest <= 0) continue;
      const half = a * Math.sqrt(rest) + 2 * Math.sin(j / 7 + reader) * Math.cos(k / 5 - reader);
      const first = Math.max(0, Math.round(x - half));
      const last = Math.min(ni - 1, Math.round(x + half));
      if (last >= first) labels.fill(1, ni * (j + nj * k) + first, ni * (j + nj * k) + last + 1);
    }
  }
  return labels;
}

function seconds(work: () => void): number {
  const start = performance.now();
  work();
  return (performance.now() - start) / 1000;
}

function benchStaple(dims: Dims, reads: readonly Uint8Array[]): BenchRow[] {
  const folder = mkdtempSync(path.join(tmpdir(), 'voxcord-bench-consensus-'));
  try {
    const file = path.join(folder, 'masks.raw');
    const handle = openSync(file, 'w');
    for (const read of reads) writeSync(handle, read);
    closeSync(handle);
    const args = [REFERENCE, file, ...dims.map(String), String(READERS)];
    const reference = JSON.parse(execFileSync(PYTHON, args, { encoding: 'utf8' })) as Reference;
    const soft = new Float64Array(dims[0] * dims[1] * dims[2]);
    const readers = reads.map((_, r) => r);
    let difference = 0;
    let iterations = 0;
    const once = (): void => {
      const patterns = readVotes(reads, dims);
      const { votes, rowOfPattern } = votesForSegment(patterns, 1, readers);
      const whole = { min: [0, 0, 0], max: [dims[0] - 1, dims[1] - 1, dims[2] - 1] } as const;
      const order = voxelsInOrder(patterns, rowOfPattern, whole, AS_STORED);
      const estimate = staple(votesInRegion(votes, soft.length), order === null ? {} : { order });
      const index = softIndexIn(patterns, whole);
      const values = Float64Array.from(rowOfPattern, row => estimate.posterior[row] ?? 0);
      for (let voxel = 0; voxel < soft.length; voxel++) soft[voxel] = values[(index[voxel] ?? 1) - 1] ?? 0;
      iterations = estimate.iterations;
      difference = Math.max(
        ...reference.p.map((p, r) => Math.abs(p - (estimate.sensitivity[r] ?? NaN))),
        ...reference.q.map((q, r) => Math.abs(q - (estimate.specificity[r] ?? NaN))),
        ...Object.entries(reference.posterior).map(([marks, w]) =>
          Math.abs(w - (estimate.posterior[votes.marks.indexOf(Number(marks))] ?? NaN))
        )
      );
    };
    const times = [seconds(once), seconds(once), seconds(once)].sort((a, b) => a - b);
    const measured = times[1] ?? NaN;
    const ratio = reference.seconds / measured;
    const what = `STAPLE with its soft map, ${READERS} readers, ${(soft.length / 1e6).toFixed(1)} M voxels`;
    return [
      {
        what,
        unit: 's',
        measured,
        budget: '>= 20x',
        holds: ratio >= 20,
        baseline: `SimpleITK: ${reference.seconds.toFixed(1)} s`,
        ratio
      },
      {
        what: `${what}: largest difference to SimpleITK`,
        unit: '',
        measured: difference,
        budget: `<= ${PARITY}`,
        holds: difference <= PARITY,
        baseline: null,
        ratio: null
      },
      {
        what: `${what}: iterations more or less than SimpleITK`,
        unit: '',
        measured: Math.abs(iterations - reference.iterations),
        budget: '<= 0',
        holds: iterations === reference.iterations,
        baseline: null,
        ratio: null
      }
    ];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Voxels of a ball of this radius on the surface of the object, clipped to the grid. */
function strokeAt(dims: Dims, x: number, y: number, z: number, radius: number): Uint32Array {
  const voxels: number[] = [];
  const within = (at: number, size: number): boolean => at >= 0 && at < size;
  for (let k = Math.ceil(z - radius); k <= z + radius; k++) {
    for (let j = Math.ceil(y - radius); j <= y + radius; j++) {
      for (let i = Math.ceil(x - radius); i <= x + radius; i++) {
        if ((i - x) ** 2 + (j - y) ** 2 + (k - z) ** 2 > radius * radius) continue;
        if (within(i, dims[0]) && within(j, dims[1]) && within(k, dims[2]))
          voxels.push(i + dims[0] * (j + dims[1] * k));
      }
    }
  }
  return Uint32Array.from(voxels);
}

function benchLive(dims: Dims, reads: readonly Uint8Array[], strokes: number): BenchRow[] {
  let live: LiveConsensus | null = null;
  const opening = seconds(() => {
    live = new LiveConsensus({
      dims,
      spacing: [0.75, 0.75, 1],
      reads: reads.map((labels, r) => ({ id: `reader ${r + 1}`, labels })),
      rules: [1, 2].map(segment => ({
        kind: 'structure',
        segment,
        method: { id: 'staple.binary.itk', confidenceWeight: 1, region: { rule: 'margin', millimetres: 10 } }
      }))
    });
  });
  const opened = live as LiveConsensus | null;
  if (opened === null) throw new RangeError('The live consensus did not open.');
  const times: number[] = [];
  for (let n = 0; n < strokes; n++) {
    const angle = (n * 2.399963) % (2 * Math.PI);
    const height = (n * 0.618034) % 1;
    const [x, y] = [0.4 * dims[0] + 0.26 * dims[0] * Math.cos(angle), 0.5 * dims[1] + 0.2 * dims[1] * Math.sin(angle)];
    const voxels = strokeAt(dims, x, y, dims[2] * (0.3 + 0.4 * height), [3, 6, 12][n % 3] ?? 3);
    const start = performance.now();
    opened.change(n % READERS, voxels, n % 4 === 3 ? 0 : 1 + (n % 2));
    times.push(performance.now() - start);
  }
  times.sort((a, b) => a - b);
  const at = (share: number): number => times[Math.min(times.length - 1, Math.floor(share * times.length))] ?? NaN;
  const what = `consensus and disagreement after one stroke, ${dims.join('x')}, ${READERS} readers`;
  return [
    { what: `${what}, p50`, unit: 'ms', measured: at(0.5), budget: null, holds: true, baseline: null, ratio: null },
    {
      what: `${what}, p95`,
      unit: 'ms',
      measured: at(0.95),
      budget: '<= 100 ms',
      holds: at(0.95) <= 100,
      baseline: `from the start: ${(1000 * opening).toFixed(0)} ms`,
      ratio: (1000 * opening) / at(0.95)
    }
  ];
}

const quick = process.argv.includes('--quick');
const dims: Dims = quick ? [256, 256, 100] : [512, 512, 300];
const reads = Array.from({ length: READERS }, (_, reader) => drawn(dims, reader));
tellRows([...benchStaple(dims, reads), ...benchLive(dims, reads, quick ? 200 : 400)]);
