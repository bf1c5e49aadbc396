import { canonicalJson, type DsseEnvelope, type ReleaseManifest } from '@voxcord/schemas/files';
import { gzipSync } from 'fflate';
import { gunzipSync } from 'node:zlib';
import {
  hashRecord,
  MemoryFiles,
  sealRelease,
  sha256,
  signWithKeys,
  type AuditEntry,
  type UnlockedKey
} from '../../../src/truth/index.js';
import { ANA, BEN, DORA, KEYS, keyOfSeed, SERVICE, signerOf } from './keys.js';
import { sampleAudit, sampleContent, sampleRelease, signaturesOf } from './sampleRelease.js';

/*
 * Releases that are signed and sealed as they should be, and yet are wrong: what only a look into the records shows.
 * Each is given by the files that differ from the good release.
 */

export type Overlay = ReadonlyMap<string, Uint8Array>;

const FIRST = 'cases/1a2b3c4d-0000-4000-8000-000000000001';
const ANAS = `${FIRST}/reads/ana-r1.nii.gz`;
const SECOND = 'cases/1a2b3c4d-0000-4000-8000-000000000002';
const BENS = `${FIRST}/reads/ben-r1.nii.gz`;

export type Change = (manifest: ReleaseManifest, files: Map<string, Uint8Array>, audit: AuditEntry[]) => void;

/** The good release after a change, signed and sealed again. */
export async function resigned(change: Change): Promise<Overlay> {
  const good = await bytesOf(await sampleRelease());
  const files = new Map(good);
  const manifest = JSON.parse(text(good, 'release.json')) as ReleaseManifest;
  const audit = sampleAudit();
  change(manifest, files, audit);
  for (const file of manifest.files) {
    const bytes = files.get(file.path) ?? new Uint8Array(0);
    Object.assign(file, { bytes: bytes.length, sha256: sha256(bytes) });
  }
  const json = Buffer.from(canonicalJson(manifest));
  files.set('release.json', json);
  const release = { manifest, sha256: sha256(json) };
  const sealed = new MemoryFiles();
  const signatures = signaturesOf(release);
  const time = new Date('2026-02-06T09:00:00.000Z');
  await sealRelease(release, { signatures, keys: KEYS, audit: sampleAudit(), service: SERVICE, time }, sealed);
  for (const [name, bytes] of await bytesOf(sealed)) files.set(name, bytes);
  return new Map([...files].filter(([name, bytes]) => sha256(bytes) !== sha256(good.get(name) ?? new Uint8Array(0))));
}

export async function bytesOf(files: MemoryFiles): Promise<Map<string, Uint8Array>> {
  const entries = await files.list();
  return new Map(await Promise.all(entries.map(async ({ path }) => [path, await files.read(path)] as const)));
}

function text(files: ReadonlyMap<string, Uint8Array>, name: string): string {
  return Buffer.from(files.get(name) ?? []).toString();
}

function readAt(manifest: ReleaseManifest, path: string): ReleaseManifest['cases'][number]['reads'][number] {
  const read = manifest.cases.flatMap(({ reads }) => reads).find(each => each.path === path);
  if (read === undefined) throw new Error(`There is no read ${path}.`);
  return read;
}

/** Keys, seal and signatures of the good release with one key replaced by another of the same owner. */
async function withKeySwapped(own: UnlockedKey): Promise<Overlay> {
  const good = await bytesOf(await sampleRelease());
  const other = keyOfSeed(new Uint8Array(32).fill(77), own.public.owner).public;
  const { keys } = JSON.parse(text(good, 'keys.json')) as { keys: { id: string }[] };
  const swapped = keys.map(key => (key.id === own.public.id ? other : key)).sort((a, b) => (a.id < b.id ? -1 : 1));
  return new Map([['keys.json', Buffer.from(canonicalJson({ keys: swapped }))]]);
}

/** The good release with signature `index` replaced, its seal as it was. */
async function withSignature(index: number, change: (good: string[]) => string): Promise<Overlay> {
  const good = await bytesOf(await sampleRelease());
  const signed = JSON.parse(text(good, 'signatures.json')) as { signatures: unknown[] };
  const envelope = change(signed.signatures.map(canonicalJson));
  signed.signatures[index] = JSON.parse(envelope) as unknown;
  return new Map([['signatures.json', Buffer.from(canonicalJson(signed))]]);
}

async function nextRelease(): Promise<Map<string, Uint8Array>> {
  return bytesOf(await sampleRelease(sampleContent('1.1.0')));
}

function signedBy(key: UnlockedKey, sha256: string): DsseEnvelope {
  const act = { signer: signerOf(key), meaning: 'authorship' as const, time: new Date('2026-02-01T09:42:11.000Z') };
  return signWithKeys({ kind: 'revision', sha256 }, act, key, [SERVICE]);
}

function recompress(bytes: Uint8Array | undefined, change: (file: Uint8Array) => void): Uint8Array {
  const file = new Uint8Array(gunzipSync(bytes ?? new Uint8Array(0)));
  change(file);
  return gzipSync(file, { mtime: 0 });
}

function turnBit(file: Uint8Array, at: number, bit: number): void {
  file[at] = (file[at] ?? 0) ^ (1 << bit);
}

/** By name: the files that differ, and the record that must be named. */
export const OVERLAY_MAKERS: Readonly<Record<string, { make: () => Promise<Overlay>; record: string }>> = {
  'voxels-of-another-read': {
    record: ANAS,
    make: () => resigned((_, files) => void files.set(ANAS, files.get(BENS) ?? new Uint8Array(0)))
  },
  'one-voxel-of-the-truth': {
    record: `${FIRST}/truth.nii.gz`,
    make: () =>
      resigned((_, files) => {
        const path = `${FIRST}/truth.nii.gz`;
        files.set(
          path,
          recompress(files.get(path), file => turnBit(file, 352 + 4000, 1))
        );
      })
  },
  'another-place-in-space': {
    record: `${FIRST}/truth.nii.gz`,
    make: () =>
      resigned((_, files) => {
        const path = `${FIRST}/truth.nii.gz`;
        files.set(
          path,
          recompress(files.get(path), file => new DataView(file.buffer).setFloat32(292, 31, true))
        );
      })
  },
  'soft-map-of-another-consensus': {
    record: `${FIRST}/soft-2.nii.gz`,
    make: () =>
      resigned((_, files) => {
        const path = `${FIRST}/soft-2.nii.gz`;
        files.set(
          path,
          recompress(files.get(path), file => turnBit(file, 352 + 401, 0))
        );
      })
  },
  'bytes-behind-the-voxels': {
    record: ANAS,
    make: () =>
      resigned((_, files) => {
        files.set(
          ANAS,
          Buffer.concat([files.get(ANAS) ?? new Uint8Array(0), gzipSync(new Uint8Array(0), { mtime: 0 })])
        );
      })
  },
  'signature-of-another-revision': {
    record: `release.json#${ANAS}#signature-1`,
    make: () =>
      resigned(manifest => {
        readAt(manifest, ANAS).signatures = readAt(manifest, BENS).signatures;
      })
  },
  'revision-edited': {
    record: `release.json#${ANAS}`,
    make: () =>
      resigned(manifest => {
        readAt(manifest, ANAS).manifest.blinded = false;
      })
  },
  'bricks-edited': {
    record: `release.json#${ANAS}`,
    make: () =>
      resigned(manifest => {
        const read = readAt(manifest, ANAS);
        const [brick] = read.manifest.labelMap.bricks;
        if (brick !== undefined) brick.sha256 = sha256('another brick');
        read.sha256 = hashRecord(read.manifest);
        read.signatures = [signedBy(ANA, read.sha256)];
      })
  },
  'protocol-edited': {
    record: 'release.json#protocol-1',
    make: () =>
      resigned(manifest => {
        const [protocol] = manifest.protocols;
        if (protocol !== undefined) protocol.content['readers'] = 2;
      })
  },
  'read-without-signature': {
    record: `release.json#${ANAS}#signature-1`,
    make: () => resigned(manifest => void (readAt(manifest, ANAS).signatures = []))
  },
  'read-signed-by-another': {
    record: `release.json#${ANAS}#signature-1`,
    make: () =>
      resigned(manifest => {
        const read = readAt(manifest, ANAS);
        read.signatures = [signedBy(BEN, read.sha256)];
      })
  },
  'protocol-without-signature': {
    record: 'release.json#protocol-2#signature-1',
    make: () => resigned(({ protocols }) => void protocols[1]?.signatures.splice(0))
  },
  'adjudication-edited': {
    record: `release.json#${SECOND}/truth.nii.gz`,
    make: () =>
      resigned(manifest => {
        const adjudication = manifest.cases[1]?.adjudication;
        if (adjudication) adjudication.manifest.number = 2;
      })
  },
  'truth-that-nobody-decided': {
    record: `release.json#${SECOND}/truth.nii.gz`,
    make: () =>
      resigned(manifest => {
        const adjudication = manifest.cases[1]?.adjudication;
        const other = manifest.cases[1]?.reads[0];
        if (!adjudication || other === undefined) return;
        adjudication.manifest.labelMap = other.manifest.labelMap;
        adjudication.sha256 = hashRecord(adjudication.manifest);
        adjudication.signatures = [signedBy(DORA, adjudication.sha256)];
      })
  },
  'values-scaled-by-the-header': {
    record: ANAS,
    make: () =>
      resigned((_, files) => {
        files.set(
          ANAS,
          recompress(files.get(ANAS), file => new DataView(file.buffer).setFloat32(112, 2, true))
        );
      })
  },
  'voxel-size-of-the-header': {
    record: ANAS,
    make: () =>
      resigned((_, files) => {
        files.set(
          ANAS,
          recompress(files.get(ANAS), file => new DataView(file.buffer).setFloat32(84, 0.801, true))
        );
      })
  },
  'header-without-a-matrix': {
    record: ANAS,
    make: () =>
      resigned((_, files) => {
        files.set(
          ANAS,
          recompress(files.get(ANAS), file => new DataView(file.buffer).setInt16(254, 0, true))
        );
      })
  },
  'empty-gzip-member-before-the-voxels': {
    record: ANAS,
    make: () =>
      resigned((_, files) => {
        files.set(
          ANAS,
          Buffer.concat([gzipSync(new Uint8Array(0), { mtime: 0 }), files.get(ANAS) ?? new Uint8Array(0)])
        );
      })
  },
  'zeros-behind-the-voxels': {
    record: ANAS,
    make: () =>
      resigned((_, files) => {
        files.set(ANAS, Buffer.concat([files.get(ANAS) ?? new Uint8Array(0), new Uint8Array(8)]));
      })
  },
  'gzip-cut-short-before-its-check-sum': {
    record: ANAS,
    make: () => resigned((_, files) => void files.set(ANAS, (files.get(ANAS) ?? new Uint8Array(0)).slice(0, -8)))
  },
  'name-in-the-gzip-header': {
    record: ANAS,
    make: () =>
      resigned((_, files) => {
        const voxels = gunzipSync(files.get(ANAS) ?? new Uint8Array(0));
        files.set(ANAS, gzipSync(voxels, { mtime: 0, filename: 'patient 7' }));
      })
  },
  'file-listed-twice': {
    record: 'release.json',
    make: () =>
      resigned(manifest => {
        const [file] = manifest.files;
        if (file !== undefined) manifest.files.push({ ...file });
      })
  },
  'person-key-swapped': { record: 'keys.json', make: () => withKeySwapped(ANA) },
  'service-key-swapped': { record: 'keys.json', make: () => withKeySwapped(SERVICE) },
  'signature-of-another-release': {
    record: 'signatures.json#1',
    make: async () => {
      const next = JSON.parse(text(await nextRelease(), 'signatures.json')) as { signatures: unknown[] };
      return withSignature(0, () => canonicalJson(next.signatures[0]));
    }
  },
  'signatures-exchanged': { record: 'signatures.json#1', make: () => withSignature(0, ([, second]) => second ?? '') },
  'signed-with-the-key-of-another': {
    record: 'signatures.json#2',
    make: async () => {
      const good = text(await bytesOf(await sampleRelease()), 'release.json');
      const act = { signer: signerOf(ANA), meaning: 'review' as const, time: new Date('2026-02-06T08:30:00.000Z') };
      const forged = signWithKeys({ kind: 'release', sha256: sha256(good) }, act, BEN, [SERVICE]);
      return withSignature(1, () => canonicalJson(forged));
    }
  },
  'all-signatures-of-another-release': {
    record: 'release.json',
    make: async () => new Map([...(await nextRelease())].filter(([name]) => name === 'signatures.json'))
  }
};
