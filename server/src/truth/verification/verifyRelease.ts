import { ReleaseManifest, type SealStatement } from '@voxcord/schemas/files';
import Type from 'typebox';
import { Compile } from 'typebox/compile';
import type { ReleaseFiles } from '../releaseFiles.js';
import { checkAuditFile } from './auditFile.js';
import { checkContent } from './content.js';
import { checkEntries, checkFiles, SEALED_FILES } from './folder.js';
import { ReadableFiles } from './readableFiles.js';
import { readRecord } from './readRecord.js';
import { openSeal } from './seal.js';
import { BrokenRecord, type ValidRelease, type Verdict } from './verdict.js';

const formatForm = Compile(Type.Object({ format: Type.String() }));
const releaseForm = Compile(ReleaseManifest);
const FORMAT = ReleaseManifest.properties.format.const;

const NOT_COMPARED = 'The service key was not compared with the one that the site publishes.';

/**
 * Checks a release by nothing but its own files: keys, seal and signatures; release.json; the audit log entry by entry;
 * every file; the voxels against the records. Names the first broken record; what cannot be read is broken.
 *
 * A release proves by itself that nothing in it was changed, not who made it: somebody can make all of it anew with keys
 * of his own. `trusted` are the fingerprints of the service keys that the caller takes for genuine; null: any.
 */
export async function verifyRelease(files: ReleaseFiles, trusted: ReadonlySet<string> | null = null): Promise<Verdict> {
  try {
    return await checkRelease(new ReadableFiles(files), trusted);
  } catch (error) {
    if (error instanceof BrokenRecord) {
      return { valid: false, broken: { record: error.record, reason: error.reason } };
    }
    throw error;
  }
}

async function checkRelease(files: ReleaseFiles, trusted: ReadonlySet<string> | null): Promise<ValidRelease> {
  const present = checkEntries(await files.list());
  const { seal, sha256, keys, signatures, expectFile } = await openSeal(files, trusted);
  const { format } = await readRecord(files, 'release.json', formatForm);
  if (format !== FORMAT) {
    throw new BrokenRecord('release.json', `its format, ${format}, is not known to this program: take a newer one`);
  }
  const manifest = await readRecord(files, 'release.json', releaseForm);
  checkSealed(manifest, seal);
  const clockWarnings = checkAuditFile(await files.read('audit.jsonl'), manifest.project.id, seal.audit);
  await expectFile('audit.jsonl');
  await checkFiles(files, present, manifest.files);
  await expectFile('signatures.html');
  const labelMaps = await checkContent(files, manifest, keys);
  return {
    valid: true,
    release: {
      project: { id: manifest.project.id, title: manifest.project.title },
      version: manifest.version,
      sha256
    },
    files: manifest.files.length + SEALED_FILES.length,
    cases: manifest.cases.length,
    labelMaps,
    signatures,
    audit: { first: seal.audit.first, last: seal.audit.last, head: seal.audit.head },
    serviceKey: seal.key,
    serviceKeyTrusted: trusted !== null,
    warnings: [...clockWarnings, ...protocolWarnings(manifest), ...(trusted === null ? [NOT_COMPARED] : [])]
  };
}

/** The seal and what it seals must speak of the same release, and those who signed it named the key that seals it. */
function checkSealed({ project, version, serviceKey }: ReleaseManifest, seal: SealStatement['predicate']): void {
  if (seal.project !== project.id || seal.version !== version) {
    throw new BrokenRecord('signatures.json#seal', 'it is the seal of another release than release.json tells of');
  }
  if (seal.key !== serviceKey) {
    throw new BrokenRecord('signatures.json#seal', 'it was made with another key than release.json names');
  }
}

function protocolWarnings({ protocols }: ReleaseManifest): string[] {
  return protocols
    .filter(({ afterFirstRead }) => afterFirstRead)
    .map(({ version }) => `Version ${version} of the protocol was locked after reads had begun.`);
}
