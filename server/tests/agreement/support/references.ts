import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const PYTHON = fileURLToPath(new URL('../../../../.venv/bin/python', import.meta.url));
const SCRIPT = fileURLToPath(new URL('./references.py', import.meta.url));

export interface MaskPair {
  readonly a: Uint8Array;
  readonly b: Uint8Array;
  readonly dims: readonly [number, number, number];
  readonly spacing: readonly [number, number, number];
  readonly tau: number;
  /** What counts in these label maps; each is measured alone. */
  readonly segments: readonly number[];
}

interface ReferenceFigures {
  readonly hd: number;
  readonly hdPercentile: number;
  readonly asd: readonly [number, number];
  readonly nsd: number;
  readonly overlap: readonly [number, number];
  /** How long it took, without reading the masks. */
  readonly seconds: number;
}

/** Of the package surface-distance, and of the definition of MONAI and MetricsReloaded in SciPy. */
export interface References {
  readonly elements: ReferenceFigures;
  readonly voxels: ReferenceFigures & { readonly pooledPercentile: number; readonly assd: number };
}

/** `npm test` and `npm run bench` make the environment that the references run in. */
export const hasReferences = existsSync(PYTHON);

/** What the Python packages of the field say about each segment of each pair. */
export function measureWithReferences(pairs: readonly MaskPair[]): References[][] {
  const folder = mkdtempSync(path.join(tmpdir(), 'voxcord-references-'));
  try {
    const jobs = pairs.flatMap(({ a, b, segments, ...conditions }, at) => {
      const [first, second] = [path.join(folder, `${at}.a`), path.join(folder, `${at}.b`)];
      writeFileSync(first, a);
      writeFileSync(second, b);
      return segments.map(segment => ({ a: first, b: second, segment, ...conditions }));
    });
    const { status, stdout, stderr } = spawnSync(PYTHON, [SCRIPT], {
      input: JSON.stringify(jobs),
      encoding: 'utf8',
      maxBuffer: 2 ** 26
    });
    if (status !== 0) throw new Error(`The references failed: ${stderr}`);
    const measured = JSON.parse(stdout) as References[];
    return pairs.map(({ segments }) => measured.splice(0, segments.length));
  } finally {
    rmSync(folder, { recursive: true });
  }
}
