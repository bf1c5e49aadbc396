import type { Person, Release } from '@voxcord/schemas/api';
import type { ReleaseRights } from '../../access/truthMatrix.js';
import type { JobProgress } from '../jobs/jobQueue.js';
import type { StoredRelease } from './releaseRecords.js';

/** What somebody is told of a release. */
export function presentRelease(
  release: StoredRelease,
  running: JobProgress | null,
  rights: ReleaseRights,
  { username }: Person,
  serviceKey: string
): Release {
  const { state, signatures, signaturesNeeded, progress } = release;
  const hasSigned = signatures.some(({ signature }) => signature.username === username);
  // Sealing that has failed is tried again when the service starts.
  const isAtWork = progress.state === 'running' || (progress.state === 'failed' && state === 'signing');
  return {
    id: release.id,
    projectId: release.projectId,
    version: release.version,
    state,
    parent: release.parent,
    notes: release.notes,
    protocolVersion: release.protocolVersion,
    cases: release.cases.map(each => ({
      caseId: each.caseId,
      title: each.title,
      consensus: each.consensus,
      labelMapRoot: each.root,
      readers: each.readers,
      disputes: each.disputes,
      decided: each.decided,
      segments: each.segments,
      criteria: each.criteria,
      changes: each.changes
    })),
    manifest: release.manifest,
    serviceKey,
    signatures: signatures.map(({ signature }) => signature),
    signaturesNeeded,
    maySign: state === 'signing' && rights.maySign && !hasSigned && signatures.length < signaturesNeeded,
    archive: release.archive,
    progress: isAtWork && running !== null ? { state: 'running', ...running } : progress,
    createdBy: release.createdBy,
    createdAt: release.createdAt,
    releasedAt: release.releasedAt
  };
}
