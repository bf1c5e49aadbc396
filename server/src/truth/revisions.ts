import type { LabelMapContent, RevisionManifest } from '@voxcord/schemas/files';
import { SERVER_VERSION } from '../version.js';
import { hashRecord } from './hashing.js';

export const SOFTWARE = { name: 'Voxcord', version: SERVER_VERSION } as const;

/** A manifest and its name. */
export interface Revision {
  readonly sha256: string;
  readonly manifest: RevisionManifest;
}

/** Makes a revision of a read: equal content gives an equal name. */
export function makeRevision(
  about: Omit<RevisionManifest, 'format' | 'software' | 'labelMap'>,
  labelMap: LabelMapContent
): Revision {
  const manifest: RevisionManifest = { format: 'voxcord.revision/1', ...about, labelMap, software: { ...SOFTWARE } };
  return { sha256: hashRecord(manifest), manifest };
}

/** The name of a protocol's content: what a revision and a release say they were made by. */
export function protocolHash(content: object): string {
  return hashRecord(content);
}
