import path from 'node:path';
import { parseArgs } from 'node:util';
import { findBrowser } from './browser.mjs';
import { build } from './build.mjs';
import { prepareEnvironment } from './environment.mjs';
import { capture } from './support/processes.mjs';
import { node, python, root, script, SetupError } from './support/project.mjs';

const HELP = `npm run bench [-- options]

  --only NAME   run only these measurements (repeat for more): brush, labelmap, rooms, agreement, consensus, live,
                inference, jobs, proposals, flips
  --quick       shorter sessions: for a look, not for a report
  --json        print the figures as JSON on standard output and nothing else there

Ends with status 1 if a budget does not hold.`;

/**
 * @typedef {object} Row
 * @property {string} what
 * @property {string} unit
 * @property {number} measured
 * @property {string | null} budget what must hold, in words; null for a figure that is only told
 * @property {boolean} holds
 * @property {string | null} baseline measured in the same run
 * @property {number | null} ratio how many times the baseline is the measured figure
 */

/**
 * Runs a program of a workspace's `bench/` folder with the project's own Node.
 * @param {string[]} args
 * @param {Record<string, string>} [env]
 * @returns {Promise<any>} the JSON that it ends with
 */
async function measure(args, env = {}) {
  const { stdout, stderr } = await capture(node, args, { env });
  const last = stdout.trim().split('\n').at(-1) ?? '';
  try {
    return JSON.parse(last);
  } catch {
    throw new SetupError(`A measurement failed: ${args.join(' ')}\n${stdout}${stderr}`);
  }
}

/** @returns {Promise<Row[]>} */
async function brush() {
  const result = await measure([path.join('extension', 'bench', 'brushMove.mjs')], {
    PLAYWRIGHT_CHROMIUM_EXECUTABLE_PATH: await findBrowser()
  });
  const what = 'brush move, CPU and upload';
  return [
    {
      what: `${what}, p50`,
      unit: 'ms',
      measured: result.p50,
      budget: '<= 0.5 ms, >= 500x',
      holds: result.p50 <= 0.5 && result.ratio >= 500,
      baseline: `${result.baselineWhat}: ${result.baseline} ms`,
      ratio: result.ratio
    },
    {
      what: `${what}, p95`,
      unit: 'ms',
      measured: result.p95,
      budget: '<= 4 ms',
      holds: result.p95 <= 4,
      baseline: null,
      ratio: null
    },
    {
      what: `${what}: texels that differ from the bitmap`,
      unit: '',
      measured: result.wrongTexels,
      budget: '<= 0',
      holds: result.wrongTexels === 0,
      baseline: null,
      ratio: null
    }
  ];
}

/**
 * A program that tells its figures as JSON, by its name in the `bench/` folder of a workspace.
 * @param {string} workspace
 * @param {string} name
 * @returns {(quick: boolean) => Promise<Row[]>}
 */
const program = (workspace, name) => quick =>
  measure([path.join(workspace, 'bench', `${name}.ts`), '--json', ...(quick ? ['--quick'] : [])]);

/**
 * Turns single bits anywhere in a release; both verifiers, at the same time, must find each and name the right record.
 * @param {boolean} quick
 * @returns {Promise<Row[]>}
 */
async function flips(quick) {
  const count = quick ? 5000 : 100_000;
  const env = { VOXCORD_BIT_FLIPS: String(count) };
  const vitest = path.join(root, 'node_modules', 'vitest', 'vitest.mjs');
  const verifiers = [
    capture(node, [vitest, 'run', '--root', 'server', 'tests/truth/bitFlips.test.ts'], { env }),
    capture(python, ['-m', 'pytest', 'extension/tests/test_verify.py', '-k', 'flipped'], { env })
  ];
  const names = ['voxcord verify', 'python -m voxcord.verify'];
  return (await Promise.all(verifiers)).map(({ status, stdout, stderr }, index) => {
    if (status !== 0) console.error(`${stdout}${stderr}`);
    return {
      what: `flipped bits of a release that ${names[index]} finds and names`,
      unit: '',
      measured: status === 0 ? count : 0,
      budget: `= ${count}`,
      holds: status === 0,
      baseline: null,
      ratio: null
    };
  });
}

const measurements = {
  brush,
  labelmap: program('schemas', 'labelmap'),
  rooms: program('server', 'rooms'),
  agreement: program('server', 'agreement'),
  consensus: program('server', 'consensus'),
  live: program('server', 'live'),
  inference: program('server', 'inference'),
  jobs: program('server', 'jobs'),
  proposals: program('server', 'proposals'),
  flips
};

/** @param {number} value */
function rounded(value) {
  return Number(value.toPrecision(3)).toLocaleString('en', { maximumFractionDigits: 6 });
}

/** @param {number} ratio */
function times(ratio) {
  return `${rounded(ratio)}x`;
}

/** @param {readonly Row[]} rows */
function printTable(rows) {
  const lines = [
    ['', 'what', 'measured', 'budget', 'baseline in the same run', 'ratio'],
    ...rows.map(row => [
      row.budget === null ? ' ' : row.holds ? '✓' : '✗',
      row.what,
      `${rounded(row.measured)} ${row.unit}`.trim(),
      row.budget ?? '',
      row.baseline ?? '',
      row.ratio === null ? '' : times(row.ratio)
    ])
  ];
  const widths = [0, 1, 2, 3, 4, 5].map(column => Math.max(...lines.map(line => line[column]?.length ?? 0)));
  for (const line of lines)
    console.log(
      line
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd()
    );
}

function readOptions() {
  try {
    return parseArgs({
      options: {
        only: { type: 'string', multiple: true, default: [] },
        quick: { type: 'boolean', default: false },
        json: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false }
      }
    }).values;
  } catch (error) {
    throw new SetupError(`${error instanceof Error ? error.message : String(error)}\n\n${HELP}`);
  }
}

await script(async () => {
  const { only, quick, json, help } = readOptions();
  if (help) {
    console.log(HELP);
    return;
  }
  const unknown = only.find(name => !(name in measurements));
  if (unknown !== undefined) throw new SetupError(`There is no measurement "${unknown}".\n\n${HELP}`);
  // Standard output belongs to the figures.
  if (json) console.log = console.error;
  await prepareEnvironment({ tests: true });
  await build();
  /** @type {Row[]} */
  const rows = [];
  for (const [name, run] of Object.entries(measurements)) {
    if (only.length > 0 && !only.includes(name)) continue;
    console.error(`measuring: ${name} …`);
    rows.push(...(await run(quick)));
  }
  if (json) process.stdout.write(`${JSON.stringify(rows, null, 2)}\n`);
  else printTable(rows);
  if (rows.some(row => !row.holds)) process.exitCode = 1;
});
