import { existsSync, lstatSync, mkdirSync, realpathSync, rmSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { installedPythonPackages, prepareEnvironment } from './environment.mjs';
import { attempt, run } from './support/processes.mjs';
import { node, python, root, script, SetupError, venv, venvBin } from './support/project.mjs';
import { fingerprint, onlyIfChanged } from './support/stamps.mjs';

const LABEXTENSION = path.join(root, 'extension', 'voxcord', 'labextension');

/** Builds everything that has changed since the last time. The environment has to be ready. */
export async function build() {
  await compile();
  await buildLabextension();
  await installPackage();
  linkLabextension();
}

async function compile() {
  const compiler = path.join(root, 'node_modules', 'typescript', 'bin', 'tsc');
  const status = await attempt(node, [compiler, '-b']);
  if (status !== 0) throw new SetupError('The TypeScript sources do not compile (see above).');
}

/** The bundle that JupyterLab loads. */
async function buildLabextension() {
  const inputs = fingerprint(
    [
      'package-lock.json',
      'extension/package.json',
      'extension/lib',
      'extension/style',
      'extension/schema',
      'schemas/lib'
    ],
    file => !file.endsWith('.map') && !file.endsWith('.d.ts')
  );
  const isDone = existsSync(path.join(LABEXTENSION, 'package.json'));
  await onlyIfChanged('labextension', { inputs, isDone }, async () => {
    console.log('Building the JupyterLab extension …');
    await run(path.join(venvBin, 'jupyter-builder'), ['build', 'extension'], {
      quiet: true,
      failure: 'The JupyterLab extension could not be built (see above).'
    });
  });
}

/** The Python package, editable: its Jupyter configuration lands in the virtual environment. */
async function installPackage() {
  const inputs = fingerprint(['extension/pyproject.toml', 'extension/jupyter-config', 'extension/install.json']);
  const isDone = installedPythonPackages().has('voxcord');
  await onlyIfChanged('python-package', { inputs, isDone }, async () => {
    console.log('Installing the Python package …');
    await run(python, ['-m', 'pip', 'install', '--quiet', '--no-deps', '--no-build-isolation', '-e', 'extension'], {
      quiet: true,
      failure: 'The Python package in extension/ could not be installed (see above).'
    });
  });
}

/** JupyterLab reads the bundle where it is built. */
function linkLabextension() {
  const link = path.join(venv, 'share', 'jupyter', 'labextensions', '@voxcord', 'extension');
  const stats = lstatSync(link, { throwIfNoEntry: false });
  if (stats?.isSymbolicLink() === true && existsSync(link) && realpathSync(link) === realpathSync(LABEXTENSION)) return;
  rmSync(link, { recursive: true, force: true });
  mkdirSync(path.dirname(link), { recursive: true });
  symlinkSync(LABEXTENSION, link);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  await script(async () => {
    await prepareEnvironment();
    await build();
  });
}
