import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** The project's Python environment, with nibabel in it. */
const PYTHON = fileURLToPath(new URL('../../../.venv/bin/python', import.meta.url));

export const hasPython = existsSync(PYTHON);
if (!hasPython) console.warn('Comparisons with nibabel are skipped: there is no .venv (npm start makes it).');

/** Runs one of the scripts beside this file with JSON on stdin and answers the JSON that it prints. */
export function python(script: string, args: readonly string[] = [], input: unknown = null): unknown {
  const file = fileURLToPath(new URL(`./python/${script}`, import.meta.url));
  const text = execFileSync(PYTHON, [file, ...args], {
    input: JSON.stringify(input),
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024
  });
  return JSON.parse(text);
}
