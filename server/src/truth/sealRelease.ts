import {
  canonicalJson,
  SEAL_PREDICATE_TYPE,
  STATEMENT_PAYLOAD_TYPE,
  STATEMENT_TYPE,
  type AuditEntry,
  type DsseEnvelope,
  type PublicKeyRecord,
  type ReleaseKeys,
  type ReleaseSignatures,
  type SealStatement
} from '@voxcord/schemas/files';
import { AuditCheck } from './auditChain.js';
import type { BuiltRelease } from './buildRelease.js';
import { signPayload } from './dsse.js';
import { TruthError } from './errors.js';
import { hashRecord } from './hashing.js';
import { sha256 } from './sha256.js';
import { comparePaths, type ReleaseSink } from './releaseFiles.js';
import { verifyEnvelope } from './signatures.js';
import { signaturesPage } from './report/signaturesPage.js';
import type { UnlockedKey } from './signingKeys.js';

export interface SealOptions {
  /** The release's signatures in the order in which they were given; at least one. */
  readonly signatures: readonly DsseEnvelope[];
  /** Public keys by id: at least all those that the signatures in the release were made with. */
  readonly keys: ReadonlyMap<string, PublicKeyRecord>;
  /** The project's audit log from its beginning, or from where the release before ended; at least one entry. */
  readonly audit: readonly AuditEntry[];
  readonly service: UnlockedKey;
  readonly time: Date;
}

/**
 * Completes a release: adds its signatures, the keys to check them with, the audit log, and the service's seal over all
 * of it. Throws `TruthError` if a signature is not one of this release or the log does not hold.
 */
export async function sealRelease(release: BuiltRelease, options: SealOptions, sink: ReleaseSink): Promise<void> {
  const { signatures, keys, audit, service, time } = options;
  const { manifest } = release;
  if (manifest.serviceKey !== service.public.id) {
    throw new TruthError('release.content', 'The release names another key of the service than the one that seals it.');
  }
  if (signatures.length === 0) throw new TruthError('release.content', 'A release needs a signature.');
  const record = { kind: 'release', sha256: release.sha256 } as const;
  const found = signatures.map(envelope => verifyEnvelope(envelope, record, keys));
  const span = checkAudit(audit, manifest.project.id);
  const files = new Map<string, Uint8Array>([
    ['audit.jsonl', Buffer.from(audit.map(entry => `${canonicalJson(entry)}\n`).join(''))],
    ['keys.json', Buffer.from(canonicalJson(neededKeys(release, options)))],
    ['signatures.html', Buffer.from(signaturesPage(release, found))]
  ]);
  const subjects = [
    ...[...files].map(([name, bytes]) => ({ name, digest: { sha256: sha256(bytes) } })),
    { name: 'release.json', digest: { sha256: release.sha256 } },
    ...signatures.map((envelope, index) => ({
      name: `signatures.json#${index + 1}`,
      digest: { sha256: hashRecord(envelope) }
    }))
  ];
  const statement: SealStatement = {
    _type: STATEMENT_TYPE,
    subject: subjects.sort((a, b) => comparePaths(a.name, b.name)),
    predicateType: SEAL_PREDICATE_TYPE,
    predicate: {
      project: manifest.project.id,
      version: manifest.version,
      time: time.toISOString(),
      key: service.public.id,
      audit: span
    }
  };
  const seal = signPayload(STATEMENT_PAYLOAD_TYPE, Buffer.from(canonicalJson(statement)), [service]);
  const signed: ReleaseSignatures = { signatures: [...signatures], seal };
  for (const [name, bytes] of files) await sink.write(name, bytes);
  await sink.write('signatures.json', Buffer.from(canonicalJson(signed)));
}

function checkAudit(audit: readonly AuditEntry[], project: string): SealStatement['predicate']['audit'] {
  const first = audit[0];
  const last = audit.at(-1);
  if (first === undefined || last === undefined) {
    throw new TruthError('release.content', 'A release needs the audit log of its project.');
  }
  const span = { first: first.sequence, previous: first.previous, last: last.sequence, head: last.hash };
  const check = new AuditCheck({ chain: project, ...span });
  for (const entry of audit) {
    const broken = check.add(entry);
    if (broken !== null) {
      throw new TruthError('audit.broken', `Audit entry ${broken.sequence} cannot be released: ${broken.reason}.`);
    }
  }
  return span;
}

/** Every key that a signature in the release was made with, by id. */
function neededKeys({ manifest }: BuiltRelease, { signatures, keys, service }: SealOptions): ReleaseKeys {
  const envelopes = [
    ...signatures,
    ...manifest.protocols.flatMap(protocol => protocol.signatures),
    ...manifest.cases.flatMap(({ reads, adjudication }) => [
      ...reads.flatMap(read => read.signatures),
      ...(adjudication?.signatures ?? [])
    ])
  ];
  const needed = new Map([[service.public.id, service.public]]);
  for (const { keyid } of envelopes.flatMap(envelope => envelope.signatures)) {
    const key = keys.get(keyid);
    if (key === undefined) throw new TruthError('signature.unknown-key', `There is no key ${keyid} to release.`);
    needed.set(keyid, key);
  }
  return { keys: [...needed.values()].sort((a, b) => comparePaths(a.id, b.id)) };
}
