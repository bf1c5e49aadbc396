import {
  canonicalJson,
  type SealStatement,
  STATEMENT_PAYLOAD_TYPE,
  type ReleaseSignatures
} from '@voxcord/schemas/files';
import { signPayload } from '../../../src/truth/dsse.js';
import { SERVICE } from './keys.js';
import { bytesOf, type Overlay } from './resigned.js';
import { sampleRelease } from './sampleRelease.js';

const SEAL = 'signatures.json#seal';

/** The good release with another `signatures.json`, which no seal can cover. */
async function withFile(change: (signed: ReleaseSignatures) => object): Promise<Overlay> {
  const good = await bytesOf(await sampleRelease());
  const signed = JSON.parse(Buffer.from(good.get('signatures.json') ?? []).toString()) as ReleaseSignatures;
  return new Map([['signatures.json', Buffer.from(canonicalJson(change(signed)))]]);
}

/** The good release with a seal that says something else, signed as it should be. */
function withStatement(
  change: (statement: SealStatement) => void,
  type: string = STATEMENT_PAYLOAD_TYPE
): Promise<Overlay> {
  return withFile(({ signatures, seal }) => {
    const statement = JSON.parse(Buffer.from(seal.payload, 'base64').toString()) as SealStatement;
    change(statement);
    const sealed = signPayload(type as typeof STATEMENT_PAYLOAD_TYPE, Buffer.from(canonicalJson(statement)), [SERVICE]);
    return { signatures, seal: sealed };
  });
}

/** By name: seals that are not the one seal of the release. */
export const SEAL_OVERLAYS: Readonly<Record<string, { make: () => Promise<Overlay>; record: string }>> = {
  'seal-signed-twice': {
    record: SEAL,
    make: () =>
      withFile(({ signatures, seal }) => ({
        signatures,
        seal: { ...seal, signatures: [...seal.signatures, ...seal.signatures] }
      }))
  },
  'seal-with-another-member': {
    record: SEAL,
    make: () => withFile(({ signatures, seal }) => ({ signatures, seal: { ...seal, note: 'sealed twice' } }))
  },
  'seal-signature-with-another-member': {
    record: SEAL,
    make: () =>
      withFile(({ signatures, seal }) => ({
        signatures,
        seal: { ...seal, signatures: seal.signatures.map(each => ({ ...each, cert: 'none' })) }
      }))
  },
  'signatures-file-with-another-member': {
    record: 'signatures.json',
    make: () => withFile(signed => ({ ...signed, notes: 'approved' }))
  },
  'signatures-that-are-no-list': {
    record: 'signatures.json',
    make: () => withFile(({ signatures, seal }) => ({ signatures: { 1: signatures[0] }, seal }))
  },
  'no-seal': { record: 'signatures.json', make: () => withFile(({ signatures }) => ({ signatures })) },
  'seal-of-another-version': {
    record: SEAL,
    make: () => withStatement(({ predicate }) => void (predicate.version = '2.0.0'))
  },
  'seal-of-another-project': {
    record: SEAL,
    make: () => withStatement(({ predicate }) => void (predicate.project = '0b3c6a1e-9f0d-4b5a-8c1f-2d7e5a9b0c12'))
  },
  'seal-of-another-payload-type': {
    record: SEAL,
    make: () => withStatement(() => undefined, 'application/json')
  },
  'signature-that-was-sealed-and-is-missing': {
    record: 'signatures.json#3',
    make: () =>
      withStatement(({ subject }) => {
        subject.push({ name: 'signatures.json#3', digest: { sha256: '00'.repeat(32) } });
      })
  }
};
