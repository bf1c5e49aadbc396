import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { attempt, capture, run } from './support/processes.mjs';
import { node, npmBin, python, readJson, root, SetupError, venv } from './support/project.mjs';

const OLDEST_NODE = [20, 19];
const OLDEST_PYTHON = [3, 10];

/**
 * Makes everything that the project needs ready in the repository: `node_modules/` and `.venv/`. Does nothing, and needs
 * no network, if they already are what the lock file and the requirements say.
 *
 * @param {{ tests?: boolean }} [options] `tests`: with what the tests need
 */
export async function prepareEnvironment({ tests = false } = {}) {
  checkNode();
  await prepareNodePackages();
  await prepareNode24();
  await preparePythonPackages(tests);
}

/**
 * @param {string} text a version: `24.1.0`
 * @param {readonly number[]} oldest
 */
export function isAtLeast(text, oldest) {
  const parts = text.split('.').map(part => Number.parseInt(part, 10));
  for (const [index, least] of oldest.entries()) {
    const part = parts[index] ?? 0;
    if (part !== least) return part > least;
  }
  return true;
}

function checkNode() {
  if (process.platform === 'win32') {
    throw new SetupError('Voxcord runs on Linux and macOS. On Windows, use it inside WSL.');
  }
  if (!isAtLeast(process.versions.node, OLDEST_NODE)) {
    throw new SetupError(
      `Node ${process.versions.node} is too old: Voxcord needs ${OLDEST_NODE.join('.')} or newer (https://nodejs.org).`
    );
  }
}

/**
 * @typedef {{ version?: string, link?: boolean, optional?: boolean, devOptional?: boolean }} LockedPackage
 * @typedef {{ packages?: Record<string, LockedPackage> }} LockFile
 */

/** Is `node_modules/` what the lock file says? npm keeps a note of what it has installed. */
export function nodePackagesAreInstalled() {
  const wanted = /** @type {LockFile | undefined} */ (readJson(path.join(root, 'package-lock.json')));
  const installed = /** @type {LockFile | undefined} */ (
    readJson(path.join(root, 'node_modules', '.package-lock.json'))
  );
  if (wanted === undefined || installed === undefined) return false;
  return Object.entries(wanted.packages ?? {}).every(([name, entry]) => {
    if (!name.includes('node_modules/') || entry.optional === true || entry.devOptional === true) return true;
    const found = installed.packages?.[name];
    if (found === undefined || !existsSync(path.join(root, name))) return false;
    return entry.link === true || found.version === entry.version;
  });
}

async function prepareNodePackages() {
  if (nodePackagesAreInstalled()) return;
  // Not with the Node that the installation is about to replace.
  const env = {
    PATH: (process.env.PATH ?? '')
      .split(path.delimiter)
      .filter(folder => folder !== npmBin)
      .join(path.delimiter)
  };
  if ((await capture('npm', ['--version'], { env })).status !== 0) {
    throw new SetupError('npm is missing. It comes with Node (https://nodejs.org); on Debian: sudo apt install npm');
  }
  console.log('Installing Node packages …');
  await run('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], {
    // What runs models on a CPU is in the package; its install script would fetch hundreds of megabytes for GPUs.
    env: { ...env, ONNXRUNTIME_NODE_INSTALL: 'skip' },
    failure: 'npm could not install the Node packages (see above). Is the npm registry reachable?'
  });
}

/** The npm package `node` fetches its binary in an install script; where npm runs none, this does. */
async function prepareNode24() {
  const wanted = /** @type {{ version: string }} */ (readJson(path.join(root, 'node_modules', 'node', 'package.json')));
  const isReady = async () => (await capture(node, ['--version'])).stdout.trim() === `v${wanted.version}`;
  if (await isReady()) return;
  console.log(`Installing Node ${wanted.version} …`);
  await run(process.execPath, ['installArchSpecificPackage.js'], {
    cwd: path.join(root, 'node_modules', 'node'),
    // As in the installer's own script: a project of its own, not a workspace of this one.
    env: { npm_config_workspaces: 'false', npm_config_audit: 'false', npm_config_fund: 'false' },
    quiet: true,
    failure: `Node ${wanted.version} could not be installed from the npm package "node" (see above).`
  });
  if (!(await isReady()))
    throw new SetupError(`Node ${wanted.version} was installed but does not run on this machine.`);
}

/**
 * A Python for the virtual environment, from VOXCORD_PYTHON or the path.
 * @returns {Promise<string>}
 */
async function findPython() {
  const tried = [];
  for (const command of [
    process.env.VOXCORD_PYTHON,
    'python3',
    'python3.13',
    'python3.12',
    'python3.11',
    'python3.10',
    'python'
  ]) {
    if (command === undefined || command === '') continue;
    const probe = await capture(command, ['-c', 'import sys; print("%d.%d.%d" % sys.version_info[:3])']);
    if (probe.status !== 0) continue;
    const version = probe.stdout.trim();
    if (!isAtLeast(version, OLDEST_PYTHON)) {
      tried.push(`${command} is ${version}`);
      continue;
    }
    if ((await capture(command, ['-c', 'import venv, ensurepip'])).status !== 0) {
      tried.push(`${command} ${version} lacks venv and pip; on Debian: sudo apt install python3-venv python3-pip`);
      continue;
    }
    return command;
  }
  throw new SetupError(
    [
      `Voxcord needs Python ${OLDEST_PYTHON.join('.')} or newer with venv and pip.`,
      ...tried.map(line => `  ${line}`),
      'On Debian or Ubuntu: sudo apt install python3 python3-venv python3-pip',
      'To use another Python: VOXCORD_PYTHON=/path/to/python npm start'
    ].join('\n')
  );
}

/** @param {string} name */
function canonical(name) {
  return name.toLowerCase().replace(/[-_.]+/g, '-');
}

/** Names (canonical) and versions of what is installed in the virtual environment. */
export function installedPythonPackages() {
  /** @type {Map<string, string>} */
  const installed = new Map();
  const lib = path.join(venv, 'lib');
  if (!existsSync(lib)) return installed;
  for (const version of readdirSync(lib)) {
    const packages = path.join(lib, version, 'site-packages');
    if (!existsSync(packages)) continue;
    for (const entry of readdirSync(packages)) {
      const match = /^(.+)-([^-]+)\.dist-info$/.exec(entry);
      if (match?.[1] !== undefined && match[2] !== undefined) installed.set(canonical(match[1]), match[2]);
    }
  }
  return installed;
}

/**
 * @param {readonly string[]} files requirements files
 * @returns {Promise<Record<string, string[]>>} per file, what of it is not installed for this Python
 */
async function missingPackages(files) {
  const program = path.join(root, 'scripts', 'support', 'missing_packages.py');
  const { status, stdout, stderr } = await capture(python, [program, ...files]);
  if (status !== 0) throw new SetupError(`The Python environment in .venv cannot be read; delete it.\n${stderr}`);
  return JSON.parse(stdout);
}

/** @param {boolean} tests */
async function preparePythonPackages(tests) {
  if ((await capture(python, ['-c', 'import pip'])).status !== 0) {
    const command = await findPython();
    console.log('Creating the Python environment …');
    await run(command, ['-m', 'venv', '--clear', venv], {
      quiet: true,
      failure: `${command} could not create a virtual environment in .venv (see above).`
    });
  }
  const files = [
    { file: 'requirements.txt', flags: [] },
    { file: 'requirements-demo.txt', flags: ['--no-deps'] },
    ...(tests ? [{ file: 'requirements-test.txt', flags: [] }] : [])
  ];
  const missing = await missingPackages(files.map(({ file }) => file));
  for (const { file, flags } of files) {
    if (missing[file]?.length === 0) continue;
    console.log(`Installing Python packages (${file}) …`);
    const status = await attempt(python, ['-m', 'pip', 'install', '--quiet', ...flags, '-r', path.join(root, file)]);
    if (status !== 0) {
      throw new SetupError(`pip could not install ${file} (see above). Is the Python package index reachable?`);
    }
  }
}
