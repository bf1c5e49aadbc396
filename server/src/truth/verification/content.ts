import type { PublicKeyRecord, ReleasedCase, ReleaseManifest } from '@voxcord/schemas/files';
import { hashRecord, sha256 } from '../hashing.js';
import { contentOfLabelMap, rootOfBricks } from '../labelMapContent.js';
import { readNifti, toCanonicalGrid } from '../niftiFile.js';
import type { ReleaseFiles } from '../releaseFiles.js';
import { expectSignature } from './seal.js';
import { BrokenRecord } from './verdict.js';

/**
 * Checks that the records in `release.json` have the names by which others know them, that their signatures sign them,
 * and that the voxels in the files are those of the records. Answers how many label maps were compared. Throws
 * `BrokenRecord`.
 */
export async function checkContent(
  files: ReleaseFiles,
  manifest: ReleaseManifest,
  keys: ReadonlyMap<string, PublicKeyRecord>
): Promise<number> {
  const listed = new Set(manifest.files.map(({ path }) => path));
  checkProtocols(manifest, keys);
  let labelMaps = 0;
  for (const each of manifest.cases) {
    checkReads(each, manifest, keys);
    for (const path of pathsOf(each)) {
      if (!listed.has(path)) throw new BrokenRecord(path, 'the file is not in the list of release.json');
    }
    await checkLabels(files, each, each.truth.path, each.truth.root);
    for (const { path, manifest: read } of each.reads) await checkLabels(files, each, path, read.labelMap.root);
    for (const { path, sha256: name } of each.soft) {
      const voxels = readNifti(await files.read(path), each.geometry, true);
      if (typeof voxels === 'string') throw new BrokenRecord(path, voxels);
      if (sha256(voxels) !== name) throw new BrokenRecord(path, 'its voxels are not those in release.json');
    }
    labelMaps += 1 + each.reads.length;
  }
  return labelMaps;
}

function pathsOf({ truth, reads, soft }: ReleasedCase): string[] {
  return [truth.path, ...reads.map(({ path }) => path), ...soft.map(({ path }) => path)];
}

function checkProtocols({ protocols }: ReleaseManifest, keys: ReadonlyMap<string, PublicKeyRecord>): void {
  for (const { version, content, sha256: name, signatures } of protocols) {
    const record = `release.json#protocol-${version}`;
    if (hashRecord(content) !== name) throw new BrokenRecord(record, 'it is not the protocol that was locked');
    signatures.forEach((envelope, index) =>
      expectSignature(`${record}#signature-${index + 1}`, envelope, { kind: 'protocol', sha256: name }, keys)
    );
  }
}

function checkReads(
  { id, reads }: ReleasedCase,
  { protocols }: ReleaseManifest,
  keys: ReadonlyMap<string, PublicKeyRecord>
): void {
  for (const { path, sha256: name, manifest, signatures } of reads) {
    const record = `release.json#${path}`;
    if (hashRecord(manifest) !== name) throw new BrokenRecord(record, 'it is not the revision that was submitted');
    if (manifest.case !== id) throw new BrokenRecord(record, 'it is a revision of another case');
    const { labelMap, geometry, protocol } = manifest;
    if (rootOfBricks(labelMap.bricks, geometry.grid.dims) !== labelMap.root) {
      throw new BrokenRecord(record, 'its bricks do not give its root');
    }
    if (!protocols.some(({ version, sha256: hash }) => version === protocol.version && hash === protocol.sha256)) {
      throw new BrokenRecord(record, 'it was made under a protocol that the release does not hold');
    }
    signatures.forEach((envelope, index) =>
      expectSignature(`${record}#signature-${index + 1}`, envelope, { kind: 'revision', sha256: name }, keys)
    );
  }
}

async function checkLabels(files: ReleaseFiles, each: ReleasedCase, path: string, root: string): Promise<void> {
  const voxels = readNifti(await files.read(path), each.geometry, false);
  if (typeof voxels === 'string') throw new BrokenRecord(path, voxels);
  const labels = toCanonicalGrid(voxels, each.geometry);
  if (labels === null) throw new BrokenRecord(path, 'no turning of the axes leads from its grid to that of the record');
  if (contentOfLabelMap(labels, each.geometry.grid.dims).root !== root) {
    throw new BrokenRecord(path, 'its voxels are not those of the record in release.json');
  }
}
