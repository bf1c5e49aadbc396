import { mkdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { findBrowser } from './browser.mjs';
import { build } from './build.mjs';
import { prepareEnvironment } from './environment.mjs';
import { attempt } from './support/processes.mjs';
import { cache, node, python, root, script, SetupError, venvBin } from './support/project.mjs';
import { closingLine, readJUnit, readPlaywright, readVitest } from './support/results.mjs';

const HELP = `npm test [-- options]

  --only NAME   run only this suite (repeat for more): checks, schemas, server, extension, python, ui
  --grep TEXT   in the suites that run, only tests whose name matches`;

const reports = path.join(cache, 'reports');

/**
 * @typedef {import('./support/results.mjs').Counts} Counts
 * @typedef {{ name: string, run: (grep: string | undefined) => Promise<Counts> }} Suite
 */

/**
 * A command that is one check.
 * @param {string} what
 * @param {string} command
 * @param {string[]} args
 * @returns {Promise<boolean>}
 */
async function check(what, command, args) {
  const passed = (await attempt(command, args, { quiet: true })) === 0;
  console.log(`${passed ? '✓' : '✗'} ${what}`);
  return passed;
}

/** @returns {Promise<Counts>} */
async function runChecks() {
  const bin = path.join(root, 'node_modules');
  const typescript = path.join(bin, 'typescript', 'bin', 'tsc');
  const ruff = path.join(venvBin, 'ruff');
  // ESLint in two halves, which are one check: each holds the types of its own workspaces, with half of the memory.
  const eslint = path.join(bin, 'eslint', 'bin', 'eslint.js');
  /** The longest first. @type {[what: string, command: string, args: string[]][]} */
  const checks = [
    ['ESLint', node, [eslint, 'schemas', 'server']],
    ['ESLint', node, [eslint, '.', '--ignore-pattern', 'schemas/', '--ignore-pattern', 'server/']],
    ['Prettier', node, [path.join(bin, 'prettier', 'bin', 'prettier.cjs'), '--check', '.']],
    ...['server/tests', 'extension/tests', 'schemas/tests', 'ui-tests', 'scripts'].map(
      /** @returns {[string, string, string[]]} */
      project => [`types of ${project}`, node, [typescript, '--noEmit', '-p', project]]
    ),
    ['Ruff', ruff, ['check', '--no-cache', '.']],
    ['Ruff format', ruff, ['format', '--no-cache', '--check', '.']]
  ];
  const waiting = checks.values();
  /** @type {Map<string, boolean>} */
  const results = new Map();
  const lane = async () => {
    for (const each of waiting) {
      const hasPassed = await check(...each);
      results.set(each[0], hasPassed && results.get(each[0]) !== false);
    }
  };
  // Each uses one processor: two at a time take little more than half of the time.
  await Promise.all([lane(), lane()]);
  const passed = [...results.values()].filter(Boolean).length;
  return { passed, failed: results.size - passed, skipped: 0 };
}

/**
 * @param {string} workspace
 * @returns {Suite}
 */
function vitest(workspace) {
  return {
    name: workspace,
    run: async grep => {
      const report = path.join(reports, `${workspace}.json`);
      const runner = path.join(root, 'node_modules', 'vitest', 'vitest.mjs');
      const args = ['run', '--root', workspace, '--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
      const status = await attempt(node, [runner, ...args, ...(grep === undefined ? [] : ['-t', grep])]);
      return settle(readVitest(report), status);
    }
  };
}

/** @param {string | undefined} grep */
async function runPytest(grep) {
  const report = path.join(reports, 'python.xml');
  const args = ['-m', 'pytest', '-q', `--junitxml=${report}`, ...(grep === undefined ? [] : ['-k', grep])];
  const status = await attempt(python, args, { cwd: path.join(root, 'extension') });
  // 5: nothing matched the selection, which the counts tell.
  return settle(readJUnit(report), status === 5 ? 0 : status);
}

/** @param {string | undefined} grep */
async function runPlaywright(grep) {
  const report = path.join(reports, 'ui.json');
  const runner = path.join(root, 'node_modules', '@playwright', 'test', 'cli.js');
  const status = await attempt(
    node,
    [runner, 'test', '--reporter=list,json', ...(grep === undefined ? [] : ['--grep', grep])],
    {
      cwd: path.join(root, 'ui-tests'),
      env: { PLAYWRIGHT_JSON_OUTPUT_NAME: report, PLAYWRIGHT_CHROMIUM_EXECUTABLE_PATH: await findBrowser() }
    }
  );
  return settle(readPlaywright(report), status);
}

/**
 * A run that failed without a failed test (it could not start, or an error was left over) counts as one failure.
 * @param {Counts | null} counts
 * @param {number} status
 * @returns {Counts}
 */
function settle(counts, status) {
  if (counts === null) return { passed: 0, failed: 1, skipped: 0 };
  return status !== 0 && counts.failed === 0 ? { ...counts, failed: 1 } : counts;
}

/** @type {readonly Suite[]} */
const suites = [
  { name: 'checks', run: runChecks },
  vitest('schemas'),
  vitest('server'),
  vitest('extension'),
  { name: 'python', run: runPytest },
  { name: 'ui', run: runPlaywright }
];

function readOptions() {
  try {
    return parseArgs({
      options: {
        only: { type: 'string', multiple: true, default: [] },
        grep: { type: 'string' },
        help: { type: 'boolean', default: false }
      }
    }).values;
  } catch (error) {
    throw new SetupError(`${error instanceof Error ? error.message : String(error)}\n\n${HELP}`);
  }
}

await script(async () => {
  const { only, grep, help } = readOptions();
  if (help) {
    console.log(HELP);
    return;
  }
  const names = suites.map(suite => suite.name);
  const unknown = only.find(name => !names.includes(name));
  if (unknown !== undefined) throw new SetupError(`There is no suite "${unknown}". There are: ${names.join(', ')}.`);

  try {
    await prepareEnvironment({ tests: true });
    await build();
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    console.error(`\n${error.message}\n\n${closingLine({ passed: 0, failed: 1, skipped: 0 })}`);
    process.exitCode = 1;
    return;
  }
  rmSync(reports, { recursive: true, force: true });
  mkdirSync(reports, { recursive: true });

  /** @type {Counts} */
  const total = { passed: 0, failed: 0, skipped: 0 };
  const lines = [];
  for (const suite of suites) {
    if (only.length > 0 && !only.includes(suite.name)) continue;
    console.log(`\n── ${suite.name} ──`);
    const started = performance.now();
    let counts = await suite.run(grep);
    const seconds = ((performance.now() - started) / 1000).toFixed(0);
    const ranNothing = counts.passed + counts.failed === 0;
    if (ranNothing && grep === undefined) counts = { ...counts, failed: 1 };
    lines.push(`${suite.name.padEnd(10)} ${closingLine(counts)} (${seconds} s)${ranNothing ? ' – ran no test' : ''}`);
    total.passed += counts.passed;
    total.failed += counts.failed;
    total.skipped += counts.skipped;
  }
  console.log(`\n${lines.join('\n')}\n`);
  console.log(closingLine(total));
  process.exitCode = total.failed > 0 || total.passed === 0 ? 1 : 0;
});
