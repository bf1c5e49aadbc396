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
export { hashRecord, sha256 } from './hashing.js';
export * from './labelMapContent.js';
export * from './revisions.js';
export * from './signingKeys.js';
export * from './signatures.js';
export * from './lockout.js';
export { nextEntry, AuditCheck, type AuditEvent, type AuditExpectation, type BrokenEntry } from './auditChain.js';
export * from './auditLog.js';
