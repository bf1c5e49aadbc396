import type { ModelIdentity } from '@voxcord/schemas/api';
import type {
  DsseEnvelope,
  PublicKeyRecord,
  ReleasedAdjudication,
  ReleasedCase,
  ReleaseManifest
} from '@voxcord/schemas/files';
import { modelUsername } from '@voxcord/schemas/models';
import { hashRecord } from '../hashing.js';
import { sha256 } from '../sha256.js';
import { contentOfLabelMap, rootOfBricks } from '../labelMapContent.js';
import { readNifti, toCanonicalGrid } from '../niftiFile.js';
import type { ReleaseFiles } from '../releaseFiles.js';
import type { Signature, SignedRecord } from '../signatures.js';
import { expectSeal, expectSignature } from './seal.js';
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
    checkAdjudication(each, manifest, keys);
    const read = async (path: string): Promise<Uint8Array> => {
      if (listed.has(path)) return files.read(path);
      throw new BrokenRecord(path, 'the file is not in the list of release.json');
    };
    await checkLabels(read, each, each.truth.path, each.truth.root);
    for (const {
      path,
      manifest: { labelMap }
    } of each.reads)
      await checkLabels(read, each, path, labelMap.root);
    for (const { path, sha256: name } of each.soft) {
      const voxels = readNifti(await read(path), each.geometry, true);
      if (typeof voxels === 'string') throw new BrokenRecord(path, voxels);
      if (sha256(voxels) !== name) throw new BrokenRecord(path, 'its voxels are not those in release.json');
    }
    labelMaps += 1 + each.reads.length;
  }
  return labelMaps;
}

function checkProtocols({ protocols }: ReleaseManifest, keys: ReadonlyMap<string, PublicKeyRecord>): void {
  for (const { version, content, sha256: name, signatures } of protocols) {
    const record = `release.json#protocol-${version}`;
    if (hashRecord(content) !== name) throw new BrokenRecord(record, 'it is not the protocol that was locked');
    expectSignatures(record, signatures, { kind: 'protocol', sha256: name }, keys);
  }
}

function checkReads(
  { id, reads }: ReleasedCase,
  { protocols }: ReleaseManifest,
  keys: ReadonlyMap<string, PublicKeyRecord>
): void {
  for (const { path, ...each } of reads) {
    checkRevision(`release.json#${path}`, each, id, protocols, keys);
  }
}

/** The revision that an adjudicator signed, and that it is the truth. */
function checkAdjudication(
  { id, truth, adjudication }: ReleasedCase,
  { protocols }: ReleaseManifest,
  keys: ReadonlyMap<string, PublicKeyRecord>
): void {
  if (adjudication === null) return;
  const record = `release.json#${truth.path}`;
  if (adjudication.manifest.model !== undefined) throw new BrokenRecord(record, 'a model has decided it, nobody else');
  checkRevision(record, adjudication, id, protocols, keys);
  if (adjudication.manifest.labelMap.root !== truth.root) {
    throw new BrokenRecord(record, 'the truth is not what its adjudicator signed');
  }
}

function checkRevision(
  record: string,
  { sha256: name, manifest, signatures }: ReleasedAdjudication,
  caseId: string,
  protocols: ReleaseManifest['protocols'],
  keys: ReadonlyMap<string, PublicKeyRecord>
): void {
  if (hashRecord(manifest) !== name) throw new BrokenRecord(record, 'it is not the revision that was submitted');
  if (manifest.model === undefined) {
    const found = expectSignatures(record, signatures, { kind: 'revision', sha256: name }, keys);
    if (found[0]?.signer.username !== manifest.reader.username) {
      throw new BrokenRecord(`${record}#signature-1`, 'it is not that of the reader');
    }
  } else {
    expectModelSeal(record, signatures, name, { reader: manifest.reader.username, model: manifest.model.model }, keys);
  }
  if (manifest.case !== caseId) throw new BrokenRecord(record, 'it is a revision of another case');
  const { labelMap, geometry, protocol } = manifest;
  if (!protocols.some(({ version, sha256: hash }) => version === protocol.version && hash === protocol.sha256)) {
    throw new BrokenRecord(record, 'it was made under a protocol that the release does not hold');
  }
  if (rootOfBricks(labelMap.bricks, geometry.grid.dims) !== labelMap.root) {
    throw new BrokenRecord(record, 'its bricks do not give its root');
  }
}

/** What a model has labelled bears the seal of a service in place of a signature, and the name of that model. */
function expectModelSeal(
  record: string,
  signatures: readonly DsseEnvelope[],
  revision: string,
  { reader, model }: { readonly reader: string; readonly model: ModelIdentity },
  keys: ReadonlyMap<string, PublicKeyRecord>
): void {
  const [envelope, ...others] = signatures;
  const name = `${record}#signature-1`;
  if (envelope === undefined) throw new BrokenRecord(name, 'the seal of the service is missing');
  if (others.length > 0) throw new BrokenRecord(`${record}#signature-2`, 'nobody signs what a model has labelled');
  const seal = expectSeal(name, envelope, revision, keys);
  if (hashRecord(seal.model) !== hashRecord(model) || reader !== modelUsername(model)) {
    throw new BrokenRecord(name, 'it was made for another model');
  }
}

/** What they say, once they are found to be valid; there must be one. */
function expectSignatures(
  record: string,
  signatures: readonly DsseEnvelope[],
  signed: SignedRecord,
  keys: ReadonlyMap<string, PublicKeyRecord>
): Signature[] {
  const found = signatures.map((envelope, index) =>
    expectSignature(`${record}#signature-${index + 1}`, envelope, signed, keys)
  );
  if (found.length === 0) throw new BrokenRecord(`${record}#signature-1`, 'the signature is missing');
  return found;
}

async function checkLabels(
  read: (path: string) => Promise<Uint8Array>,
  each: ReleasedCase,
  path: string,
  root: string
): Promise<void> {
  const voxels = readNifti(await read(path), each.geometry, false);
  if (typeof voxels === 'string') throw new BrokenRecord(path, voxels);
  const labels = toCanonicalGrid(voxels, each.geometry);
  if (labels === null) throw new BrokenRecord(path, 'no turning of the axes leads from its grid to that of the record');
  if (contentOfLabelMap(labels, each.geometry.grid.dims).root !== root) {
    throw new BrokenRecord(path, 'its voxels are not those of the record in release.json');
  }
}
