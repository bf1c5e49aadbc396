import { tellRows, type BenchRow } from '../../schemas/bench/benchRow.ts';
import { agreementOfCase, type SurfaceDefinition } from '../lib/agreement/index.js';
import { measureWithReferences, type MaskPair } from '../tests/agreement/support/references.ts';

/*
 * How long surface distances take, against the Python packages of the field on the same masks in the same run, and
 * whether the figures are equal. Needs `tsc -b schemas server` and the Python environment (.venv) first.
 *
 *   node server/bench/agreement.ts [--quick] [--json]
 */

const RATIO = 5;
const DIFFERENCE = 1e-9;
/** The best of so many runs counts: the machine may be busy with others. */
const RUNS = 3;

/** An organ as two readers draw it: outlines wander by some voxels. */
function organ(dims: MaskPair['dims'], spacing: MaskPair['spacing'], radius: number): MaskPair {
  const draw = (shift: number): Uint8Array =>
    painted(dims, spacing, (x, y, z) => {
      const wander = 1.5 * Math.sin((x + 3 * shift) / 7) * Math.cos(y / 9) + shift * Math.sin(z / 5);
      return Math.hypot(x - shift, 1.2 * y, 1.1 * z) + wander <= radius ? 1 : 0;
    });
  return { a: draw(0), b: draw(1.3), dims, spacing, tau: 2, segments: [1] };
}

/** Forty lesions of 8 to 20 mm, each a segment, as two readers draw them. */
function lesions(dims: MaskPair['dims'], spacing: MaskPair['spacing']): MaskPair {
  const [columns, rows, apart] = [8, 5, 22];
  const draw = (shift: number): Uint8Array =>
    painted(dims, spacing, (x, y, z) => {
      const column = Math.round(x / apart + (columns - 1) / 2);
      const row = Math.round(y / apart + (rows - 1) / 2);
      if (column < 0 || column >= columns || row < 0 || row >= rows) return 0;
      const number = row * columns + column;
      const dx = x - (column - (columns - 1) / 2) * apart - shift;
      const dy = y - (row - (rows - 1) / 2) * apart;
      return Math.hypot(dx, dy, z) + shift * Math.sin(x) <= 4 + (number % 7) ? number + 1 : 0;
    });
  const segments = Array.from({ length: columns * rows }, (_, at) => at + 1);
  return { a: draw(0), b: draw(0.8), dims, spacing, tau: 2, segments };
}

/** @param segmentAt of x, y, z: mm from the middle of the grid */
function painted(
  dims: MaskPair['dims'],
  spacing: MaskPair['spacing'],
  segmentAt: (x: number, y: number, z: number) => number
): Uint8Array {
  const labels = new Uint8Array(dims[0] * dims[1] * dims[2]);
  for (let k = 0, index = 0; k < dims[2]; k++) {
    const z = (k - (dims[2] - 1) / 2) * spacing[2];
    for (let j = 0; j < dims[1]; j++) {
      const y = (j - (dims[1] - 1) / 2) * spacing[1];
      for (let i = 0; i < dims[0]; i++, index++) labels[index] = segmentAt((i - (dims[0] - 1) / 2) * spacing[0], y, z);
    }
  }
  return labels;
}

interface Figures {
  readonly hdPercentile: number | null;
  readonly nsd: number | null;
}

function measure(pair: MaskPair, definition: SurfaceDefinition): { seconds: number; figures: Figures[] } {
  const reads = [
    { name: 'a', labels: pair.a },
    { name: 'b', labels: pair.b }
  ];
  let seconds = Infinity;
  for (let run = 1; ; run++) {
    const start = performance.now();
    const { segments } = agreementOfCase(reads, pair.segments, pair, { tau: pair.tau, definitions: [definition] });
    seconds = Math.min(seconds, (performance.now() - start) / 1000);
    if (run < RUNS) continue;
    return { seconds, figures: segments.flatMap(({ pairs: [only] }) => only?.surfaces[definition] ?? []) };
  }
}

function benchAgreement(quick: boolean): BenchRow[] {
  const cases = [
    { name: 'forty lesions', pair: lesions([256, 256, quick ? 40 : 100], [0.8, 0.8, 1.25]) },
    { name: 'organ of 160 mm', pair: organ(quick ? [256, 256, 80] : [512, 512, 300], [0.75, 0.75, 1], 80) }
  ];
  const references = measureWithReferences(cases.map(({ pair }) => pair));
  return cases.flatMap(({ name, pair }, at) => {
    const expected = references[at] ?? [];
    const deepmind = expected.map(({ elements }) => elements);
    const voxels = expected.map(each => each.voxels);
    return [
      ...compare(`HD95 and NSD by deepmind, ${name}`, measure(pair, 'deepmind'), deepmind, 'surface-distance'),
      ...compare(
        `HD95 and NSD by metricsreloaded, ${name}`,
        measure(pair, 'metricsreloaded'),
        voxels,
        'the same in SciPy'
      ),
      told(`HD95 and NSD by mesh, ${name}`, measure(pair, 'mesh').seconds)
    ];
  });
}

function compare(
  what: string,
  { seconds, figures }: ReturnType<typeof measure>,
  expected: readonly { readonly hdPercentile: number; readonly nsd: number; readonly seconds: number }[],
  package_: string
): BenchRow[] {
  const baseline = expected.reduce((sum, each) => sum + each.seconds, 0);
  const ratio = baseline / seconds;
  const difference = Math.max(
    ...expected.flatMap(({ hdPercentile, nsd }, at) => [
      Math.abs((figures[at]?.hdPercentile ?? NaN) - hdPercentile),
      Math.abs((figures[at]?.nsd ?? NaN) - nsd)
    ])
  );
  return [
    {
      what,
      unit: 's',
      measured: seconds,
      budget: `>= ${RATIO}x`,
      holds: ratio >= RATIO,
      baseline: `${package_}: ${baseline.toPrecision(3)} s`,
      ratio
    },
    {
      what: `${what}: largest difference`,
      unit: '',
      measured: difference,
      budget: `<= ${DIFFERENCE}`,
      holds: difference <= DIFFERENCE,
      baseline: null,
      ratio: null
    }
  ];
}

function told(what: string, seconds: number): BenchRow {
  return { what, unit: 's', measured: seconds, budget: null, holds: true, baseline: null, ratio: null };
}

tellRows(benchAgreement(process.argv.includes('--quick')));
