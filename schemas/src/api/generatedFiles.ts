import type { TSchema } from 'typebox';
import { AuditEntry } from '../files/auditEntry.js';
import { CaseFile } from '../files/caseFile.js';
import { ReleaseManifest } from '../files/releaseManifest.js';
import { RevisionManifest } from '../files/revisionManifest.js';
import {
  DsseEnvelope,
  ModelSealStatement,
  PublicKeyRecord,
  ReleaseKeys,
  ReleaseSignatures,
  SealStatement,
  SignatureStatement
} from '../files/signatures.js';
import { ModelFile } from '../models/modelFile.js';
import { LiveState } from '../rooms/liveConsensus.js';
import { Presence } from '../rooms/presence.js';
import { RelayedPreview, StrokePreview, Welcome } from '../rooms/messages.js';
import { Case, NewCase, NewProject, NewRead, Project, Read } from './cases.js';
import { Consensus, Decision, DisputeRegion, NewConsensus, NewDecision } from './consensus.js';
import { LabelMapFingerprint, LabelMapHead, LabelMapSnapshot } from './labelMaps.js';
import { ModelJob, NewModelJobs } from './modelJobs.js';
import { ModelProvenance } from './modelProvenance.js';
import { ModelList, NewModel } from './models.js';
import { EvaluableReader, Evaluation, NewEvaluation } from './evaluations.js';
import { makeOpenApi } from './openapi.js';
import { IdentityClaims, Me, Person } from './people.js';
import { Problem } from './problems.js';
import { Protocol, ProtocolContent, ProtocolDraft, ProtocolLock } from './protocols.js';
import { Member, MemberChange, MyRead, NewAssignment, Reopening, Revision, Submission } from './reading.js';
import { ReadOrigin } from './readOrigins.js';
import { ProjectAgreement } from './projectAgreement.js';
import { NewProposal, Proposal } from './proposals.js';
import { AuditEvent, Difference, NewRelease, Release, Verification } from './releases.js';
import { NewSegment, Segment, SegmentChange } from './segments.js';
import { NewPassphrase, Signature, Signing, SigningKey } from './signatures.js';
import { CaseStrata, StrataChange, StrataChanges } from './strata.js';
import { ImportJob, ImportSource, Volume } from './volumes.js';

/** Everything that has a form of its own: what other languages check against, and what fixtures are filed under. */
export const namedSchemas: Readonly<Record<string, TSchema>> = {
  AuditEntry,
  AuditEvent,
  Case,
  CaseFile,
  CaseStrata,
  Consensus,
  Decision,
  Difference,
  DisputeRegion,
  DsseEnvelope,
  EvaluableReader,
  Evaluation,
  IdentityClaims,
  ImportJob,
  ImportSource,
  LabelMapFingerprint,
  LabelMapHead,
  LabelMapSnapshot,
  LiveState,
  Me,
  Member,
  MemberChange,
  ModelFile,
  ModelJob,
  ModelList,
  ModelProvenance,
  ModelSealStatement,
  MyRead,
  NewAssignment,
  NewCase,
  NewConsensus,
  NewDecision,
  NewEvaluation,
  NewModel,
  NewModelJobs,
  NewPassphrase,
  NewProject,
  NewProposal,
  NewRead,
  NewRelease,
  NewSegment,
  Person,
  Presence,
  Problem,
  Project,
  ProjectAgreement,
  Proposal,
  Protocol,
  ProtocolContent,
  ProtocolDraft,
  ProtocolLock,
  PublicKeyRecord,
  Read,
  ReadOrigin,
  RelayedPreview,
  Release,
  ReleaseKeys,
  ReleaseManifest,
  ReleaseSignatures,
  Reopening,
  Revision,
  RevisionManifest,
  SealStatement,
  Segment,
  SegmentChange,
  Signature,
  SignatureStatement,
  Signing,
  SigningKey,
  StrataChange,
  StrataChanges,
  StrokePreview,
  Submission,
  Verification,
  Volume,
  Welcome
};

/** Text of the files in `generated/`, by their path in it. They are committed, and a test compares them with this. */
export function makeGeneratedFiles(version: string): ReadonlyMap<string, string> {
  const files = new Map([['openapi.json', print(makeOpenApi(version))]]);
  for (const [name, schema] of Object.entries(namedSchemas)) {
    files.set(
      `json-schema/${name}.json`,
      print({ $schema: 'https://json-schema.org/draft/2020-12/schema', ...schema })
    );
  }
  return files;
}

function print(value: object): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
