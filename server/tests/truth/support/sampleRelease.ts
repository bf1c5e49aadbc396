import { affineFromRows, closestCanonical } from '@voxcord/schemas/geometry';
import type { DsseEnvelope, JsonObject, RevisionManifest, TruthGeometry } from '@voxcord/schemas/files';
import {
  buildRelease,
  contentOfLabelMap,
  hashRecord,
  makeRevision,
  MemoryFiles,
  nextEntry,
  protocolHash,
  sealModelRevision,
  sealRelease,
  signWithKeys,
  type AuditEntry,
  type AuditEvent,
  type BuiltRelease,
  type ReleaseCaseContent,
  type ReleaseContent,
  type UnlockedKey
} from '../../../src/truth/index.js';
import { ANA, BEN, CHLOE, DORA, KEYS, SERVICE, signerOf } from './keys.js';

export const PROJECT = '0b3c6a1e-9f0d-4b5a-8c1f-2d7e5a9b0c11';
const CASES = ['1a2b3c4d-0000-4000-8000-000000000001', '1a2b3c4d-0000-4000-8000-000000000002'] as const;
const READERS: readonly UnlockedKey[] = [ANA, BEN, CHLOE];

const PROTOCOL: JsonObject = {
  title: 'Liver lesions',
  readers: 3,
  blind: true,
  method: { name: 'staple', roi: 'union box + 10 mm', ties: 'undecided' },
  criteria: ['dice("A","B") >= 0.8']
};
const PROTOCOL_2: JsonObject = { ...PROTOCOL, criteria: ['dice("A","B") >= 0.75'] };

/** Voxel-to-world matrices of two scanners: left-posterior-superior rows; and coronal slices, sheared a little. */
const FILE_GRIDS = [
  { dims: [70, 20, 9] as [number, number, number], affine: [-0.8, 0, 0, 30, 0, -0.8, 0, 12.5, 0, 0, 2.5, -40] },
  { dims: [16, 18, 20] as [number, number, number], affine: [1, 0, 0.1, -8, 0, 0, 1.5, 4, 0, -1.25, 0, 11] }
];

function geometryOf(index: number): TruthGeometry {
  const file = FILE_GRIDS[index];
  if (file === undefined) throw new Error(`There is no grid ${index}.`);
  const { dims, affine } = closestCanonical({ dims: file.dims, affine: affineFromRows(file.affine) });
  return { grid: { dims: [...dims], affine: [...affine] }, fileGrid: file };
}

/** An ellipsoid of segment 1 with a ball of segment 2 in it, moved a little for each reader. */
function labelsOf({ grid: { dims } }: TruthGeometry, shift: number): Uint8Array {
  const labels = new Uint8Array(dims[0] * dims[1] * dims[2]);
  const centre = dims.map(side => (side - 1) / 2 + shift);
  let at = 0;
  for (let k = 0; k < dims[2]; k++) {
    for (let j = 0; j < dims[1]; j++) {
      for (let i = 0; i < dims[0]; i++) {
        const away = [i, j, k].map((value, axis) => (value - (centre[axis] ?? 0)) / ((dims[axis] ?? 1) * 0.42));
        const distance = Math.hypot(...away);
        labels[at++] = distance < 0.35 ? 2 : distance < 1 ? 1 : 0;
      }
    }
  }
  return labels;
}

function revisionOf(
  index: number,
  reader: UnlockedKey,
  labels: Uint8Array,
  notRead?: [number, ...number[]]
): RevisionManifest {
  const geometry = geometryOf(index);
  return makeRevision(
    {
      project: PROJECT,
      case: CASES[index] ?? '',
      read: `2b3c4d5e-0000-4000-8000-00000000${index}0${READERS.indexOf(reader) + 1}0`,
      reader: signerOf(reader),
      number: 1,
      parent: null,
      volume: hashRecord(`image ${index}`),
      geometry,
      protocol: { version: 1, sha256: protocolHash(PROTOCOL) },
      blinded: true,
      segments: SEGMENTS,
      ...(notRead === undefined ? {} : { notRead }),
      findings: [],
      startedAt: '2026-02-01T09:00:00.000Z',
      submittedAt: '2026-02-01T09:42:10.125Z',
      origins: []
    },
    contentOfLabelMap(labels, geometry.grid.dims)
  ).manifest;
}

const SEGMENTS = [
  {
    number: 1,
    name: 'Liver',
    colour: '#dd8265',
    codes: [{ scheme: 'SCT', value: '10200004', meaning: 'Liver' }],
    retired: false
  },
  { number: 2, name: 'Lesion <5 mm & "odd"', colour: '#90ee90', codes: [], retired: false }
];

function signed(kind: 'protocol' | 'revision', sha256: string, by: UnlockedKey): DsseEnvelope {
  const act = { signer: signerOf(by), meaning: 'authorship' as const, time: new Date('2026-02-01T09:42:11.000Z') };
  return signWithKeys({ kind, sha256 }, act, by, [SERVICE]);
}

export const MODEL = { name: 'liver-phantom', version: '1.0.0', sha256: hashRecord('a model') };

function modelRead(index: number, labels: Uint8Array): ReleaseCaseContent['reads'][number] {
  const person = revisionOf(index, ANA, labels);
  const manifest: RevisionManifest = {
    ...person,
    read: `2b3c4d5e-0000-4000-8000-00000000${index}099`,
    reader: { username: 'model:liver-phantom@1.0.0', name: 'Liver of phantoms 1.0.0' },
    notRead: [2],
    model: {
      model: MODEL,
      job: `4d5e6f70-0000-4000-8000-00000000${index}099`,
      volume: person.volume,
      parameters: { segments: [{ channel: 1, segment: 1, by: 'code' }] },
      software: [{ name: 'onnxruntime-node', version: '1.30.0' }],
      provider: 'cpu',
      seconds: 12.5,
      peakMemoryMb: 700,
      scores: [{ segment: 1, voxels: labels.filter(label => label === 1).length, sha256: hashRecord('its scores') }]
    }
  };
  const revision = hashRecord(manifest);
  const time = '2026-02-01T09:50:00.000Z';
  const envelope = sealModelRevision({ revision, model: MODEL, requestedBy: signerOf(DORA), time }, SERVICE);
  return { manifest, signatures: [envelope], load: () => Promise.resolve(labels) };
}

function caseOf(index: number): ReleaseCaseContent {
  const geometry = geometryOf(index);
  const { dims } = geometry.grid;
  const reads: ReleaseCaseContent['reads'][number][] = READERS.map((reader, n) => {
    const labels = labelsOf(geometry, n - 1);
    // The second reader of the second case has not looked for lesions.
    const isPartial = index === 1 && n === 1;
    if (isPartial) labels.forEach((label, at) => void (labels[at] = label === 2 ? 1 : label));
    const manifest = revisionOf(index, reader, labels, isPartial ? [2] : undefined);
    return {
      manifest,
      signatures: [signed('revision', hashRecord(manifest), reader)],
      load: () => Promise.resolve(labels)
    };
  });
  // In the second case a model stands beside them.
  if (index === 1) reads.push(modelRead(index, labelsOf(geometry, 2)));
  const truth = labelsOf(geometry, 0);
  const decided = revisionOf(index, DORA, truth);
  const adjudication: ReleaseCaseContent['adjudication'] = {
    sha256: hashRecord(decided),
    manifest: decided,
    signatures: [signed('revision', hashRecord(decided), DORA)]
  };
  return {
    id: CASES[index] ?? '',
    title: `Case ${index + 1}`,
    image: {
      volume: hashRecord(`image ${index}`),
      name: 'portal.nii.gz',
      modality: 'CT',
      identifiers: {},
      deidentification: 'DICOM PS3.15 Basic Profile'
    },
    geometry,
    truth: () => Promise.resolve(truth),
    soft: [{ segment: 2, load: () => Promise.resolve(Float32Array.from(truth, label => (label === 2 ? 2 / 3 : 0))) }],
    reads,
    adjudication: index === 0 ? null : adjudication,
    consensus: {
      method: 'staple',
      engine: { name: 'Voxcord', version: '0.1.0' },
      parameters: { weight: 1, maximumIterations: null },
      roi: { rule: 'union-box', marginMm: 10 },
      ties: 'undecided',
      inputs: reads.map(({ manifest }) => ({ revision: hashRecord(manifest), root: manifest.labelMap.root })),
      segments: [
        {
          segment: 2,
          readers: READERS.map((reader, n) => ({
            reader: signerOf(reader).username,
            sensitivity: 0.9 - n / 100,
            specificity: n === 2 ? null : 0.99
          })),
          iterations: 17,
          voxels: truth.reduce((sum, label) => sum + (label === 2 ? 1 : 0), 0),
          undecidedVoxels: 3
        }
      ],
      warnings: ['The result with a margin of 20 mm differs by 4 voxels.'],
      computedAt: '2026-02-03T10:00:00.000Z'
    },
    decisions: [
      {
        id: 'd1',
        question: 'Is the lesion at (1, 2, 3) present?',
        candidates: [{ name: 'A' }, { name: 'consensus' }],
        decision: 'consensus',
        reason: 'Seen in two phases',
        adjudicator: signerOf(DORA),
        time: '2026-02-04T11:00:00.000Z',
        shown: { window: [-40, 160] }
      }
    ],
    strata: { phase: 'portal' },
    picture: () =>
      Promise.resolve({
        values: Float32Array.from({ length: dims[0] * dims[1] * dims[2] }, (_, at) => (at * 37) % 211),
        window: [0, 210]
      })
  };
}

/** Two cases on oblique and flipped grids, three readers, two protocol versions, a signed release. */
export function sampleContent(version = '1.0.0'): ReleaseContent {
  const protocol = (number: number, content: JsonObject): ReleaseContent['protocols'][number] => ({
    version: number,
    sha256: protocolHash(content),
    content,
    lockedAt: `2026-01-1${number}T08:00:00.000Z`,
    lockedBy: signerOf(DORA),
    afterFirstRead: number > 1,
    changes: number > 1 ? ['The threshold of agreement was lowered to 0.75.'] : [],
    signatures: [signed('protocol', protocolHash(content), DORA)]
  });
  return {
    project: { id: PROJECT, title: 'Liver study', description: 'Lesions below 3 cm' },
    version,
    createdAt: '2026-02-05T12:00:00.000Z',
    notes: '',
    protocols: [protocol(1, PROTOCOL), protocol(2, PROTOCOL_2)],
    segments: SEGMENTS,
    cases: CASES.map((_, index) => caseOf(index)),
    tables: [
      {
        id: 'agreement',
        title: 'Agreement',
        columns: [
          { name: 'Pair', unit: '', definition: null },
          { name: 'HD95', unit: 'mm', definition: 'hd95/deepmind' }
        ],
        rows: [
          ['ana, ben', 1.2345678901234],
          ['ana, chloé', null]
        ]
      }
    ],
    criteria: [{ expression: 'dice("A","B") >= 0.75', scope: CASES[0], holds: true, explanation: '0.81' }],
    parents: version === '1.0.0' ? [] : [{ version: '1.0.0', sha256: hashRecord('the release before') }],
    changes: null,
    serviceKey: SERVICE.public.id,
    raters: [
      ...READERS.map(reader => ({
        ...signerOf(reader),
        kind: 'person' as const,
        roles: ['reader'],
        qualification: 'Radiologist',
        yearsOfExperience: 12,
        details: {}
      })),
      {
        username: 'model:liver-phantom@1.0.0',
        name: 'Liver of phantoms 1.0.0',
        kind: 'model' as const,
        roles: ['reader'],
        qualification: '',
        yearsOfExperience: null,
        details: {}
      }
    ],
    dataset: {
      name: 'Small liver lesions',
      description: 'Synthetic shapes.',
      purpose: 'Tests',
      origin: 'Made by a program',
      licence: 'CC-BY-4.0',
      creators: ['Voxcord'],
      keywords: ['liver', 'CT'],
      citation: '',
      url: 'https://example.org/liver',
      collectionTimeframe: '2026',
      population: 'None',
      preprocessing: 'None',
      missingData: 'None',
      deidentification: 'Not needed',
      sensitiveInformation: 'None',
      biases: 'Unknown',
      limitations: 'Shapes, not lesions',
      useCases: 'Tests of programs',
      socialImpact: 'None',
      distribution: 'With the program',
      maintenance: 'None'
    }
  };
}

/** An audit log; at its fifth entry the clock had been set back by two days. */
export function sampleAudit(length = 12): AuditEntry[] {
  const entries: AuditEntry[] = [];
  for (let n = 1; n <= length; n++) {
    const event: AuditEvent = {
      actor: n % 2 === 0 ? { kind: 'service' } : { kind: 'person', ...signerOf(ANA) },
      action: n === 1 ? 'project.created' : 'read.submitted',
      subject: { kind: 'read', id: `read ${n}`, sha256: n % 3 === 0 ? hashRecord(n) : null },
      details: { before: null, after: { number: n, share: n / 7 } }
    };
    const day = n === 5 ? 3 : n;
    entries.push(nextEntry(PROJECT, entries.at(-1) ?? null, event, new Date(Date.UTC(2026, 0, day, 8, n))));
  }
  return entries;
}

/** Signatures of reviewer and approver of a built release. */
export function signaturesOf(release: BuiltRelease): DsseEnvelope[] {
  const record = { kind: 'release', sha256: release.sha256 } as const;
  const time = new Date('2026-02-06T08:30:00.000Z');
  return [
    signWithKeys(record, { signer: signerOf(DORA), meaning: 'approval', time }, DORA, [SERVICE]),
    signWithKeys(record, { signer: signerOf(ANA), meaning: 'review', time, comment: 'Read twice' }, ANA, [SERVICE])
  ];
}

export async function sampleRelease(content: ReleaseContent = sampleContent()): Promise<MemoryFiles> {
  const files = new MemoryFiles();
  const release = await buildRelease(content, files);
  await sealRelease(
    release,
    {
      signatures: signaturesOf(release),
      keys: KEYS,
      audit: sampleAudit(),
      service: SERVICE,
      time: new Date('2026-02-06T09:00:00.000Z')
    },
    files
  );
  return files;
}
