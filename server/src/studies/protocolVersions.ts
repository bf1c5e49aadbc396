import type { Catalogue } from '../store/store.js';
import { readProtocol, type StoredProtocol } from './records.js';

/** All versions of a project's protocol, oldest first; the last one may be a draft. Discarded drafts are left out. */
export async function protocolVersions(catalogue: Catalogue, projectId: string): Promise<StoredProtocol[]> {
  const stored = (await catalogue.list('protocol', projectId)).map(readProtocol);
  return stored.filter(({ state }) => state !== 'discarded').sort((a, b) => a.version - b.version);
}

/** The newest locked version; null if none is locked. */
export async function lockedProtocol(catalogue: Catalogue, projectId: string): Promise<StoredProtocol | null> {
  const versions = await protocolVersions(catalogue, projectId);
  return versions.findLast(({ state }) => state === 'locked') ?? null;
}

/** A version that a read follows; null if there is none. */
export async function protocolVersion(
  catalogue: Catalogue,
  projectId: string,
  version: number
): Promise<StoredProtocol | null> {
  const value = await catalogue.get('protocol', protocolKey(projectId, version));
  return value === null ? null : readProtocol(value);
}

export function protocolKey(projectId: string, version: number): string {
  return `${projectId}/${version}`;
}
