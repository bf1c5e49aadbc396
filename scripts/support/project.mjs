import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** Folder of the repository. */
export const root = fileURLToPath(new URL('../..', import.meta.url)).replace(/[/\\]$/, '');

export const venv = path.join(root, '.venv');
export const venvBin = path.join(venv, process.platform === 'win32' ? 'Scripts' : 'bin');
export const python = path.join(venvBin, process.platform === 'win32' ? 'python.exe' : 'python');
export const npmBin = path.join(root, 'node_modules', '.bin');

/** The Node that the product runs on: that of the npm package `node`, whatever Node runs these scripts. */
export const node = path.join(root, 'node_modules', 'node', 'bin', process.platform === 'win32' ? 'node.exe' : 'node');

/** Folder for what these scripts remember between runs; safe to delete. */
export const cache = path.join(root, 'node_modules', '.cache', 'voxcord');

/** Something a person has to put right; told without a stack. */
export class SetupError extends Error {
  /** @override */
  name = 'SetupError';
}

/** Environment of everything the scripts start: the project's own Node and Python first. */
export function projectEnvironment() {
  return {
    ...process.env,
    PATH: [npmBin, venvBin, process.env.PATH ?? ''].join(path.delimiter),
    VIRTUAL_ENV: venv,
    PYTHONUNBUFFERED: '1',
    PIP_DISABLE_PIP_VERSION_CHECK: '1',
    PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD: '1',
    // Colours are for people at a terminal, not for logs.
    ...(process.stdout.isTTY ? {} : { NO_COLOR: '1' })
  };
}

/**
 * @param {string} file
 * @returns {unknown} its JSON content, or undefined if there is none
 */
export function readJson(file) {
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : undefined;
}

/**
 * Runs the body of a script: a `SetupError` ends it with its text alone.
 * @param {() => Promise<void>} body
 */
export async function script(body) {
  try {
    await body();
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    console.error(`\n${error.message}`);
    process.exitCode = 1;
  }
}
