export type {
  AdjudicationDecision,
  AuditActor,
  AuditEntry,
  AuditSubject,
  ChangeReport,
  ConsensusRecord,
  CriterionResult,
  DatasetFields,
  DsseEnvelope,
  LabelMapContent,
  MetricTable,
  PrintedName,
  PublicKeyRecord,
  RaterProfile,
  ReleaseManifest,
  RevisionManifest,
  SignatureMeaning
} from '@voxcord/schemas/files';
export * from './errors.js';
export { hashRecord } from './hashing.js';
export { sha256 } from './sha256.js';
export * from './labelMapContent.js';
export * from './revisions.js';
export * from './signingKeys.js';
export * from './signatures.js';
export * from './modelSeals.js';
export * from './lockout.js';
export { nextEntry, AuditCheck, type AuditEvent, type AuditExpectation, type BrokenEntry } from './auditChain.js';
export * from './auditLog.js';
export type * from './releaseContent.js';
export { buildRelease, type BuiltRelease } from './buildRelease.js';
export { sealRelease, type SealOptions } from './sealRelease.js';
export { writeReleaseArchive, writeReleaseFolder } from './exportRelease.js';
export * from './releaseFiles.js';
export { verifyRelease } from './verification/verifyRelease.js';
export type { BrokenRelease, ValidRelease, Verdict } from './verification/verdict.js';
