import {
  canonicalJson,
  ReleaseManifest,
  type ReleasedCase,
  type ReleasedFile,
  type ReleasedRead,
  type RevisionManifest
} from '@voxcord/schemas/files';
import { Value } from 'typebox/value';
import { TruthError } from './errors.js';
import { hashRecord } from './hashing.js';
import { sha256 } from './sha256.js';
import { contentOfLabelMap } from './labelMapContent.js';
import { isTurned, writeNifti } from './niftiFile.js';
import { comparePaths, type ReleaseSink } from './releaseFiles.js';
import type { ReleaseCaseContent, ReleaseContent, ReleasedReadContent } from './releaseContent.js';
import { describeRelease } from './metadata/index.js';
import { measureCase, type CaseFigures } from './report/caseFigures.js';
import { SOFTWARE } from './revisions.js';

const NIFTI = 'application/gzip';

/** A release that is written but for its signatures. */
export interface BuiltRelease {
  readonly manifest: ReleaseManifest;
  /** What is signed: SHA-256 of `release.json`. */
  readonly sha256: string;
}

/**
 * Writes everything of a release but its signatures: maps, metadata, report and `release.json`. The same content gives
 * the same bytes. Throws `TruthError` (`release.content`) if the content contradicts itself: a read whose voxels are not
 * those of its revision, a protocol whose hash is another one, a grid that does not fit.
 */
export async function buildRelease(content: ReleaseContent, sink: ReleaseSink): Promise<BuiltRelease> {
  checkProtocols(content);
  const writer = new FileWriter(sink);
  const cases: ReleasedCase[] = [];
  const figures = new Map<string, CaseFigures>();
  for (const each of content.cases) {
    const written = await writeCase(each, content, writer);
    cases.push(written.released);
    figures.set(each.id, written.figures);
  }
  const about = { format: 'voxcord.release/1' as const, ...content, software: { ...SOFTWARE }, cases };
  for (const { path, mediaType, text } of describeRelease({ ...about, files: writer.files }, figures)) {
    await writer.write(path, mediaType, Buffer.from(text));
  }
  const manifest: ReleaseManifest = {
    ...about,
    files: [...writer.files].sort((a, b) => comparePaths(a.path, b.path))
  };
  if (!Value.Check(ReleaseManifest, manifest)) {
    const [problem] = Value.Errors(ReleaseManifest, manifest);
    throw refused(`release.json would not have its form: ${problem?.instancePath ?? ''} ${problem?.message ?? ''}`);
  }
  const bytes = Buffer.from(canonicalJson(manifest));
  await sink.write('release.json', bytes);
  return { manifest, sha256: sha256(bytes) };
}

class FileWriter {
  readonly files: ReleasedFile[] = [];

  constructor(private readonly sink: ReleaseSink) {}

  async write(path: string, mediaType: string, bytes: Uint8Array): Promise<void> {
    await this.sink.write(path, bytes);
    this.files.push({ path, bytes: bytes.length, sha256: sha256(bytes), mediaType });
  }
}

function checkProtocols({ protocols }: ReleaseContent): void {
  for (const { version, content, sha256: name } of protocols) {
    if (hashRecord(content) !== name) throw refused(`Version ${version} of the protocol is not what was locked.`);
  }
}

async function writeCase(
  content: ReleaseCaseContent,
  release: ReleaseContent,
  writer: FileWriter
): Promise<{ readonly released: ReleasedCase; readonly figures: CaseFigures }> {
  const { truth: loadTruth, soft, reads, picture, ...about } = content;
  const { geometry, id } = about;
  if (!isTurned(geometry)) throw refused(`The grid of ${content.title} is not the canonical one of its file.`);
  checkInputs(content);
  checkAdjudication(content, release);
  const folder = `cases/${id}`;
  const truth = await loadTruth();
  const truthPath = `${folder}/truth.nii.gz`;
  await writer.write(truthPath, NIFTI, writeNifti(geometry, truth).bytes);
  const { root } = contentOfLabelMap(truth, geometry.grid.dims);
  if (about.adjudication !== null && about.adjudication.manifest.labelMap.root !== root) {
    throw refused(`The truth of ${content.title} is not what its adjudicator signed.`);
  }
  const softMaps: ReleasedCase['soft'] = [];
  for (const { segment, load } of soft) {
    const path = `${folder}/soft-${segment}.nii.gz`;
    const { bytes, voxels } = writeNifti(geometry, await load());
    await writer.write(path, NIFTI, bytes);
    softMaps.push({ segment, path, sha256: sha256(voxels) });
  }
  const names = new Set<string>();
  const releasedReads: ReleasedRead[] = [];
  const labelMaps: Uint8Array[] = [];
  for (const read of reads) {
    const labels = await read.load();
    checkRead(read, labels, content, release);
    const path = `${folder}/reads/${freeName(read, names)}.nii.gz`;
    await writer.write(path, NIFTI, writeNifti(geometry, labels).bytes);
    releasedReads.push({
      path,
      sha256: hashRecord(read.manifest),
      manifest: read.manifest,
      signatures: [...read.signatures]
    });
    labelMaps.push(labels);
  }
  const figures = measureCase({
    dims: geometry.grid.dims,
    affine: geometry.grid.affine,
    truth,
    reads: labelMaps,
    segments: release.segments,
    image: picture === null ? null : await picture()
  });
  const released: ReleasedCase = {
    ...about,
    truth: { path: truthPath, root },
    soft: softMaps,
    reads: releasedReads
  };
  return { released, figures };
}

function checkRead(
  { manifest }: ReleasedReadContent,
  labels: Uint8Array,
  content: ReleaseCaseContent,
  release: ReleaseContent
): void {
  checkRevision(manifest, content, release);
  if (contentOfLabelMap(labels, content.geometry.grid.dims).root !== manifest.labelMap.root) {
    throw refused(
      `The voxels of revision ${manifest.number} by ${manifest.reader.name} are not those that were signed.`
    );
  }
}

function checkAdjudication(content: ReleaseCaseContent, release: ReleaseContent): void {
  if (content.adjudication !== null) checkRevision(content.adjudication.manifest, content, release);
}

function checkRevision(manifest: RevisionManifest, content: ReleaseCaseContent, release: ReleaseContent): void {
  const who = `Revision ${manifest.number} by ${manifest.reader.name}`;
  if (manifest.case !== content.id || manifest.volume !== content.image.volume) {
    throw refused(`${who} belongs to another case or image than ${content.title}.`);
  }
  if (hashRecord(manifest.geometry) !== hashRecord(content.geometry)) {
    throw refused(`${who} lies on another grid than ${content.title}.`);
  }
  if (!release.protocols.some(({ version, sha256: name }) => isProtocol(manifest, version, name))) {
    throw refused(`${who} was made under version ${manifest.protocol.version} of the protocol, which is not given.`);
  }
}

function checkInputs({ title, reads, consensus }: ReleaseCaseContent): void {
  const roots = new Map(reads.map(({ manifest }) => [hashRecord(manifest), manifest.labelMap.root]));
  for (const { revision, root } of consensus?.inputs ?? []) {
    if (roots.get(revision) !== root)
      throw refused(`The consensus of ${title} was made of a read that is not released.`);
  }
}

function isProtocol({ protocol }: RevisionManifest, version: number, name: string): boolean {
  return protocol.version === version && protocol.sha256 === name;
}

/** `<reader>-r<number>`, in letters that every file system takes; numbered on where two would be the same. */
function freeName({ manifest }: ReleasedReadContent, taken: Set<string>): string {
  const reader = manifest.reader.username
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '');
  const base = `${reader === '' ? 'reader' : reader.slice(0, 64)}-r${manifest.number}`;
  let name = base;
  for (let n = 2; taken.has(name); n++) name = `${base}-${n}`;
  taken.add(name);
  return name;
}

function refused(message: string): TruthError {
  return new TruthError('release.content', message);
}
