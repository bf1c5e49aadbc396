import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { FolderFiles, verifyRelease, type ValidRelease } from '../truth/index.js';
import { NegativeResult, UsageError } from './commandErrors.js';
import type { Output } from './output.js';

/** SHA-256, as the programs print it. */
const FINGERPRINT = /\b[0-9a-f]{64}\b/g;

/**
 * `voxcord verify DIR`: checks a release by its own files, without a data folder and offline. The result names the
 * first broken record. With `serviceKeys`, fingerprints or files that hold them, the release must be sealed with one of
 * these keys. Throws `NegativeResult` after printing if it is broken.
 */
export async function verifyCommand(folder: string, serviceKeys: readonly string[], output: Output): Promise<void> {
  const root = path.resolve(folder);
  if (!(await isFolder(root))) throw new UsageError(`There is no folder ${root}.`);
  const verdict = await verifyRelease(new FolderFiles(root), await trustedKeys(serviceKeys));
  const text = verdict.valid ? describe(verdict) : `Broken: ${verdict.broken.record}: ${verdict.broken.reason}`;
  output.result(verdict, text);
  if (!verdict.valid) throw new NegativeResult();
}

function describe({
  release,
  files,
  labelMaps,
  signatures,
  serviceKey,
  serviceKeyTrusted,
  warnings
}: ValidRelease): string {
  return [
    `Valid: ${release.project.title} ${release.version} (release.json, SHA-256 ${release.sha256})`,
    `${files} files; the voxels of ${labelMaps} label maps are those of the records`,
    ...signatures.map(
      ({ signer, meaning, time }) => `Signed for ${meaning} by ${signer.name} (${signer.username}), ${time}`
    ),
    `Sealed with the service key ${serviceKey}: ${trust(serviceKeyTrusted)}`,
    ...warnings.map(warning => `Note: ${warning}`)
  ].join('\n');
}

function trust(isTrusted: boolean): string {
  return isTrusted ? 'it is one that you trust' : 'compare it with the one that the releasing site publishes';
}

/** Null: the caller has named none. */
async function trustedKeys(named: readonly string[]): Promise<ReadonlySet<string> | null> {
  if (named.length === 0) return null;
  const found = await Promise.all(named.map(fingerprintsIn));
  return new Set(found.flat());
}

/** Those in a file, if there is one of this name, else in the text itself. Throws `UsageError` if there is none. */
async function fingerprintsIn(fileOrText: string): Promise<string[]> {
  const text = (await readIfFile(fileOrText)) ?? fileOrText;
  const found = text.toLowerCase().match(FINGERPRINT);
  if (found === null) {
    throw new UsageError(`A service key is 64 hexadecimal digits, or a file that holds them: not ${fileOrText}`);
  }
  return found;
}

async function readIfFile(name: string): Promise<string | null> {
  try {
    return await readFile(name, 'utf8');
  } catch {
    return null;
  }
}

async function isFolder(root: string): Promise<boolean> {
  try {
    return (await stat(root)).isDirectory();
  } catch {
    return false;
  }
}
