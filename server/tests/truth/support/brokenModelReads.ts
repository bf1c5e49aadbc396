import type { DsseEnvelope, ReleaseManifest } from '@voxcord/schemas/files';
import {
  hashRecord,
  sealModelRevision,
  signWithKeys,
  type ModelSeal,
  type UnlockedKey
} from '../../../src/truth/index.js';
import { ANA, DORA, SERVICE, signerOf } from './keys.js';
import { resigned, type Overlay } from './resigned.js';
import { MODEL } from './sampleRelease.js';

/* Releases in which what a model has labelled is passed off as something else. */

const PATH = 'cases/1a2b3c4d-0000-4000-8000-000000000002/reads/model-liver-phantom-1-0-0-r1.nii.gz';
const READ = `release.json#${PATH}`;
const TRUTH = 'release.json#cases/1a2b3c4d-0000-4000-8000-000000000002/truth.nii.gz';

type Read = ReleaseManifest['cases'][number]['reads'][number];

function seal(revision: string, changes: Partial<ModelSeal> = {}, key: UnlockedKey = SERVICE): DsseEnvelope {
  const time = '2026-02-01T09:50:00.000Z';
  return sealModelRevision({ revision, model: MODEL, requestedBy: signerOf(DORA), time, ...changes }, key);
}

function signature(sha256: string): DsseEnvelope {
  const act = { signer: signerOf(ANA), meaning: 'authorship' as const, time: new Date('2026-02-01T09:50:00.000Z') };
  return signWithKeys({ kind: 'revision', sha256 }, act, ANA, [SERVICE]);
}

/** The good release with the read of the model changed, and named anew where it is used. */
function changed(change: (read: Read) => void): Promise<Overlay> {
  return resigned(manifest => {
    for (const { reads, consensus } of manifest.cases) {
      const read = reads.find(({ path }) => path === PATH);
      if (read === undefined) continue;
      const before = read.sha256;
      change(read);
      for (const input of consensus?.inputs ?? []) if (input.revision === before) input.revision = read.sha256;
    }
  });
}

export const MODEL_OVERLAYS: Readonly<Record<string, { make: () => Promise<Overlay>; record: string }>> = {
  'person-who-signs-for-a-model': {
    record: `${READ}#signature-1`,
    make: () => changed(read => (read.signatures = [signature(read.sha256)]))
  },
  'person-who-seals-for-a-model': {
    record: `${READ}#signature-1`,
    make: () => changed(read => (read.signatures = [seal(read.sha256, {}, ANA)]))
  },
  'signature-beside-the-seal-of-a-model': {
    record: `${READ}#signature-2`,
    make: () => changed(read => read.signatures.push(signature(read.sha256)))
  },
  'model-without-a-seal': {
    record: `${READ}#signature-1`,
    make: () => changed(read => (read.signatures = []))
  },
  'seal-of-another-model': {
    record: `${READ}#signature-1`,
    make: () =>
      changed(read => (read.signatures = [seal(read.sha256, { model: { ...MODEL, sha256: hashRecord('another') } })]))
  },
  'model-under-the-name-of-a-person': {
    record: `${READ}#signature-1`,
    make: () =>
      changed(read => {
        read.manifest.reader = signerOf(ANA);
        read.sha256 = hashRecord(read.manifest);
        read.signatures = [seal(read.sha256)];
      })
  },
  'person-under-the-seal-of-a-model': {
    record: `${READ}#signature-1`,
    make: () =>
      changed(read => {
        delete read.manifest.model;
        read.sha256 = hashRecord(read.manifest);
        read.signatures = [seal(read.sha256)];
      })
  },
  'model-that-decides': {
    record: TRUTH,
    make: () =>
      resigned(({ cases }) => {
        for (const { reads, adjudication } of cases) {
          const by = reads.find(({ path }) => path === PATH)?.manifest;
          if (adjudication === null || by?.model === undefined) continue;
          adjudication.manifest = { ...adjudication.manifest, reader: by.reader, model: by.model };
          adjudication.sha256 = hashRecord(adjudication.manifest);
          adjudication.signatures = [seal(adjudication.sha256)];
        }
      })
  }
};
