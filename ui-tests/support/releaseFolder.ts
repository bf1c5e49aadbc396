import { execFile } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import type { Download } from '@playwright/test';
import { node, python, root } from '../../scripts/support/project.mjs';

const run = promisify(execFile);

/** What a verifier says of a folder; `broken`: name of the first broken record, null if there is none. */
export interface Verdict {
  readonly valid: boolean;
  readonly broken: string | null;
  readonly exitCode: number;
}

interface Printed {
  readonly valid: boolean;
  readonly broken?: { readonly record: string };
}

/** Saves a release that was downloaded and unpacks it, as its user does. Answers the folder. */
export async function unpack(download: Download, into: string): Promise<string> {
  await mkdir(into, { recursive: true });
  const archive = path.join(into, download.suggestedFilename());
  await download.saveAs(archive);
  const folder = archive.replace(/\.zip$/, '');
  await run(python, ['-m', 'zipfile', '-e', archive, folder]);
  const { stdout } = await run(python, [
    '-c',
    'import pathlib, sys; print(next(pathlib.Path(sys.argv[1]).rglob("release.json")).parent)',
    folder
  ]);
  return stdout.trim();
}

/** `voxcord verify DIR --json` and `python -m voxcord.verify --json DIR`. */
export async function verifyByBoth(folder: string): Promise<readonly [Verdict, Verdict]> {
  return Promise.all([
    verdictOf(node, [path.join(root, 'server', 'bin', 'voxcord.mjs'), 'verify', folder, '--json']),
    verdictOf(python, ['-m', 'voxcord.verify', '--json', folder])
  ]);
}

async function verdictOf(program: string, args: readonly string[]): Promise<Verdict> {
  const { stdout, code } = await run(program, args).then(
    done => ({ stdout: done.stdout, code: 0 }),
    (failed: unknown) => {
      // Exit code 1 is an answer: the folder is broken.
      if (failed instanceof Error && 'stdout' in failed && 'code' in failed) {
        return { stdout: String(failed.stdout), code: Number(failed.code) };
      }
      throw failed;
    }
  );
  const { valid, broken } = JSON.parse(stdout) as Printed;
  return { valid, broken: broken?.record ?? null, exitCode: code };
}

/** Turns one bit of a file over. */
export async function flipBit(file: string, byte: number, bit: number): Promise<void> {
  const bytes = await readFile(file);
  bytes.writeUInt8(bytes.readUInt8(byte) ^ (1 << bit), byte);
  await writeFile(file, bytes);
}

/** Runs the `voxcord` command on plain files; answers what it prints as JSON. */
export async function voxcordOnFiles<T>(...args: readonly string[]): Promise<T> {
  const { stdout } = await run(node, [path.join(root, 'server', 'bin', 'voxcord.mjs'), ...args, '--json']);
  return JSON.parse(stdout) as T;
}
