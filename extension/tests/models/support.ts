import type { Case, Model, ModelJob, Read, Volume } from '@voxcord/schemas/api';
import type { AutomaticModelFile, PromptedModelFile } from '@voxcord/schemas/models';

export const PROJECT = '00000000-0000-4000-8000-0000000000aa';
export const ADA = { username: 'ada', displayName: 'Ada Okafor', initials: 'AO', colour: '#000000' };
export const BEN = { username: 'ben', displayName: 'Ben Lindqvist', initials: 'BL', colour: '#000000' };

const common = {
  format: 'voxcord-model/1',
  licence: { name: 'BSD-3-Clause', attribution: '' },
  intendedUse: 'Tests',
  limitations: 'Knows nothing',
  card: null
} as const;
const weights = { file: 'model.onnx', sha256: 'b'.repeat(64), opset: 18 };

export function automatic(name: string, version = '1.0.0', spacing: readonly [number, number] = [0.5, 5]): Model {
  const file: AutomaticModelFile = {
    ...common,
    name,
    version,
    title: `Title of ${name}`,
    kind: 'automatic',
    weights,
    input: {
      tensor: 'image',
      modalities: ['CT'],
      orientation: 'RAS',
      spacing: [1.5, 1.5, 3],
      acceptedSpacing: { smallest: spacing[0], largest: spacing[1] },
      interpolation: 'linear',
      intensity: { kind: 'window', low: -100, high: 400 },
      multipleOf: [1, 1, 1]
    },
    field: { kind: 'window', patch: [64, 64, 32], overlap: 0.25, blending: 'gaussian' },
    output: {
      tensor: 'scores',
      scores: 'logits',
      segments: [{ channel: 1, name: 'Liver', kind: 'structure', colour: '#56b4e9', codes: [] }],
      cleanUp: null
    }
  };
  return model(file);
}

export function prompted(name: string): Model {
  const file: PromptedModelFile = {
    ...common,
    name,
    version: '1.0.0',
    title: `Title of ${name}`,
    kind: 'prompted',
    encoder: weights,
    decoder: { ...weights, file: 'decoder.onnx' },
    input: {
      tensor: 'image',
      modalities: ['CT', 'MR'],
      intensity: { kind: 'none' },
      crop: [32, 32, 32],
      spacing: null
    },
    features: ['features'],
    prompts: { tensor: 'prompts', reach: 8 },
    output: { tensor: 'logits' }
  };
  return model(file);
}

function model(file: Model['file']): Model {
  const sha256 = Buffer.from(`${file.name}@${file.version}`).toString('hex').padEnd(64, '0').slice(0, 64);
  return { sha256, file, card: '', foundAt: '2026-11-01T08:00:00Z', uploadedBy: null, mayRemove: false };
}

/** A case whose only volume has these voxels. */
export function caseOn(
  id: string,
  modality: Volume['modality'] = 'CT',
  spacing: readonly [number, number, number] = [1, 1, 2]
): Case {
  return {
    id,
    title: `Case ${id}`,
    projectId: PROJECT,
    volumes: [{ modality, spacing }],
    reads: []
  } as unknown as Case;
}

export function read(changes: Partial<Read>): Read {
  const title = 'A read';
  return {
    id: 'read',
    title,
    access: 'visible',
    purpose: 'reading',
    reader: ADA,
    state: 'open',
    protocolVersion: null,
    volume: 'v',
    mayView: true,
    mayWrite: true,
    ...changes
  } as Read;
}

export function job(id: string, changes: Partial<ModelJob> = {}): ModelJob {
  const title = 'Net';
  return {
    id,
    model: { name: 'net', version: '1.0.0', sha256: 'a'.repeat(64) },
    title,
    projectId: PROJECT,
    caseId: `case of ${id}`,
    requestedBy: ADA,
    priority: 'now',
    state: 'running',
    fraction: 0.5,
    step: 'Labelling',
    remainingSeconds: 2,
    attempts: 1,
    warnings: [],
    read: null,
    provenance: null,
    problem: null,
    createdAt: '2026-11-23T10:00:00Z',
    startedAt: null,
    endedAt: null,
    ...changes
  };
}
