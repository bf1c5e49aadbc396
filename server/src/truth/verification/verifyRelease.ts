import { ReleaseManifest } from '@voxcord/schemas/files';
import { Compile } from 'typebox/compile';
import type { ReleaseFiles } from '../releaseFiles.js';
import { checkAuditFile } from './auditFile.js';
import { checkContent } from './content.js';
import { checkEntries, checkFiles, SEALED_FILES } from './folder.js';
import { readRecord } from './readRecord.js';
import { openSeal } from './seal.js';
import { BrokenRecord, type ValidRelease, type Verdict } from './verdict.js';

const releaseForm = Compile(ReleaseManifest);

/**
 * Checks a release by nothing but its own files: keys, seal and signatures; release.json; the audit log entry by entry;
 * every file; the voxels against the records. Names the first broken record. Rejects only if files cannot be read.
 */
export async function verifyRelease(files: ReleaseFiles): Promise<Verdict> {
  try {
    return await checkRelease(files);
  } catch (error) {
    if (error instanceof BrokenRecord) {
      return { valid: false, broken: { record: error.record, reason: error.reason } };
    }
    throw error;
  }
}

async function checkRelease(files: ReleaseFiles): Promise<ValidRelease> {
  const present = checkEntries(await files.list());
  const { seal, sha256, keys, signatures, expectFile } = await openSeal(files);
  const manifest = await readRecord(files, 'release.json', releaseForm);
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
    warnings: [...clockWarnings, ...protocolWarnings(manifest)]
  };
}

function protocolWarnings({ protocols }: ReleaseManifest): string[] {
  return protocols
    .filter(({ afterFirstRead }) => afterFirstRead)
    .map(({ version }) => `Version ${version} of the protocol was locked after reads had begun.`);
}
