import {
  canonicalJson,
  SEAL_PREDICATE_TYPE,
  STATEMENT_PAYLOAD_TYPE,
  STATEMENT_TYPE,
  type AuditEntry,
  type SealStatement
} from '@voxcord/schemas/files';
import { hashRecord, sha256 } from '../../../src/truth/index.js';
import { signPayload } from '../../../src/truth/dsse.js';
import { SERVICE } from './keys.js';
import { bytesOf, type Overlay } from './resigned.js';
import { PROJECT, sampleAudit, sampleRelease } from './sampleRelease.js';

/** The good release with another audit log, its chain and its seal made to fit: only its own rules show what is wrong. */
async function withAudit(change: (entries: AuditEntry[]) => AuditEntry[]): Promise<Overlay> {
  const good = await bytesOf(await sampleRelease());
  let previous: string | null = null;
  const entries = change(sampleAudit()).map(({ hash: _hash, ...entry }) => {
    const unnamed: Omit<AuditEntry, 'hash'> = { ...entry, previous };
    previous = hashRecord(unnamed);
    return { ...unnamed, hash: previous };
  });
  const audit = Buffer.from(entries.map(entry => `${canonicalJson(entry)}\n`).join(''));
  const signed = JSON.parse(Buffer.from(good.get('signatures.json') ?? []).toString()) as { signatures: unknown[] };
  const digest = (bytes: Uint8Array | undefined): { sha256: string } => ({
    sha256: sha256(bytes ?? new Uint8Array(0))
  });
  const statement: SealStatement = {
    _type: STATEMENT_TYPE,
    subject: [
      { name: 'audit.jsonl', digest: digest(audit) },
      { name: 'keys.json', digest: digest(good.get('keys.json')) },
      { name: 'release.json', digest: digest(good.get('release.json')) },
      { name: 'signatures.html', digest: digest(good.get('signatures.html')) },
      ...signed.signatures.map((each, n) => ({
        name: `signatures.json#${n + 1}`,
        digest: { sha256: hashRecord(each) }
      }))
    ],
    predicateType: SEAL_PREDICATE_TYPE,
    predicate: {
      project: PROJECT,
      version: '1.0.0',
      time: '2026-02-06T09:00:00.000Z',
      key: SERVICE.public.id,
      audit: { first: 1, previous: null, last: 12, head: entries.at(-1)?.hash ?? '' }
    }
  };
  const seal = signPayload(STATEMENT_PAYLOAD_TYPE, Buffer.from(canonicalJson(statement)), [SERVICE]);
  return new Map<string, Uint8Array>([
    ['audit.jsonl', audit],
    ['signatures.json', Buffer.from(canonicalJson({ signatures: signed.signatures, seal }))]
  ]);
}

function edited(sequence: number, change: (entry: AuditEntry) => Partial<AuditEntry>): () => Promise<Overlay> {
  return () =>
    withAudit(entries => entries.map(entry => (entry.sequence === sequence ? { ...entry, ...change(entry) } : entry)));
}

/** By name: audit logs that break a rule although every hash and every signature fits. */
export const AUDIT_OVERLAYS: Readonly<Record<string, { make: () => Promise<Overlay>; record: string }>> = {
  'time-goes-back': {
    record: 'audit.jsonl#7',
    make: edited(7, () => ({ time: '2026-01-02T08:07:00.000Z', wall: '2026-01-02T08:07:00.000Z' }))
  },
  'clock-set-back-and-not-said': { record: 'audit.jsonl#5', make: edited(5, () => ({ clock: 'steady' })) },
  'clock-said-to-be-set-back': { record: 'audit.jsonl#9', make: edited(9, () => ({ clock: 'set-back' })) },
  'entry-of-another-project': {
    record: 'audit.jsonl#3',
    make: edited(3, () => ({ chain: '0b3c6a1e-9f0d-4b5a-8c1f-2d7e5a9b0c12' }))
  },
  'number-left-out': { record: 'audit.jsonl#4', make: edited(4, ({ sequence }) => ({ sequence: sequence + 1 })) }
};
