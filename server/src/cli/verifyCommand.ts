import { stat } from 'node:fs/promises';
import path from 'node:path';
import { FolderFiles, verifyRelease, type ValidRelease } from '../truth/index.js';
import { NegativeResult, UsageError } from './commandErrors.js';
import type { Output } from './output.js';

/**
 * `voxcord verify DIR`: checks a release by its own files, without a data folder and offline. The result names the
 * first broken record. Throws `NegativeResult` after printing if there is one.
 */
export async function verifyCommand(folder: string, output: Output): Promise<void> {
  const root = path.resolve(folder);
  if (!(await isFolder(root))) throw new UsageError(`There is no folder ${root}.`);
  const verdict = await verifyRelease(new FolderFiles(root));
  const text = verdict.valid ? describe(verdict) : `Broken: ${verdict.broken.record}: ${verdict.broken.reason}`;
  output.result(verdict, text);
  if (!verdict.valid) throw new NegativeResult();
}

function describe({ release, files, labelMaps, signatures, serviceKey, warnings }: ValidRelease): string {
  return [
    `Valid: ${release.project.title} ${release.version} (release.json, SHA-256 ${release.sha256})`,
    `${files} files; the voxels of ${labelMaps} label maps are those of the records`,
    ...signatures.map(
      ({ signer, meaning, time }) => `Signed for ${meaning} by ${signer.name} (${signer.username}), ${time}`
    ),
    `Sealed with the service key ${serviceKey}: compare it with the one that the publisher states`,
    ...warnings.map(warning => `Note: ${warning}`)
  ].join('\n');
}

async function isFolder(root: string): Promise<boolean> {
  try {
    return (await stat(root)).isDirectory();
  } catch {
    return false;
  }
}
