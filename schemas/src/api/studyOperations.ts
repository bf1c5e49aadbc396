import Type from 'typebox';
import { Read } from './cases.js';
import { Consensus, Decision, DisputeRegion, NewConsensus, NewDecision } from './consensus.js';
import { LabelMapSnapshot } from './labelMaps.js';
import type { Operation } from './operations.js';
import { Person } from './people.js';
import { ProjectAgreement } from './projectAgreement.js';
import { Protocol, ProtocolDraft, ProtocolLock } from './protocols.js';
import { Member, MemberChange, MyRead, NewAssignment, Reopening, Revision, Submission } from './reading.js';
import { ReadOrigin } from './readOrigins.js';
import { AuditEvent, Difference, LabelMapReference, NewRelease, Release, Verification } from './releases.js';
import { SegmentNumber } from './segments.js';
import { NewPassphrase, Signing, SigningKey } from './signatures.js';
import { CaseStrata, StrataChanges } from './strata.js';
import { Id, Username } from './values.js';

const project = Type.Object({ projectId: Id });
const case_ = Type.Object({ caseId: Id });
const read = Type.Object({ readId: Id });
const consensus = Type.Object({ consensusId: Id });
const dispute = Type.Object({ consensusId: Id, dispute: Type.Integer({ minimum: 1 }) });
const release = Type.Object({ releaseId: Id });

/** How ground truth is made: protocols, people, reads' lives. */
export const readingOperations = {
  listPeople: {
    method: 'GET',
    path: '/people',
    summary: 'People whom the service knows, to give them a role',
    response: Type.Array(Person),
    status: 200
  },
  listMembers: {
    method: 'GET',
    path: '/projects/{projectId}/members',
    summary: 'Members of a project with their roles and qualifications',
    params: project,
    response: Type.Array(Member),
    status: 200
  },
  setMember: {
    method: 'PUT',
    path: '/projects/{projectId}/members/{username}',
    summary: 'Give somebody a role, or another one',
    params: Type.Object({ projectId: Id, username: Username }),
    body: MemberChange,
    response: Member,
    status: 200
  },
  removeMember: {
    method: 'DELETE',
    path: '/projects/{projectId}/members/{username}',
    summary: 'Take the role away; what the person has made stays',
    params: Type.Object({ projectId: Id, username: Username }),
    status: 204
  },
  getSigningKey: {
    method: 'GET',
    path: '/me/signing-key',
    summary: 'Can I sign?',
    response: SigningKey,
    status: 200
  },
  setPassphrase: {
    method: 'POST',
    path: '/me/signing-key',
    summary: 'Choose the passphrase that I sign with, or another one',
    body: NewPassphrase,
    response: SigningKey,
    status: 200
  },

  listProtocols: {
    method: 'GET',
    path: '/projects/{projectId}/protocols',
    summary: 'Versions of the protocol, newest first; the draft before them',
    params: project,
    response: Type.Array(Protocol),
    status: 200
  },
  saveProtocolDraft: {
    method: 'PUT',
    path: '/projects/{projectId}/protocols/draft',
    summary: 'Save the draft of the next version',
    params: project,
    body: ProtocolDraft,
    response: Protocol,
    status: 200
  },
  discardProtocolDraft: {
    method: 'DELETE',
    path: '/projects/{projectId}/protocols/draft',
    summary: 'Discard the draft',
    params: project,
    status: 204
  },
  lockProtocol: {
    method: 'POST',
    path: '/projects/{projectId}/protocols/lock',
    summary: 'Lock and sign the draft; it is then the protocol',
    params: project,
    body: ProtocolLock,
    response: Protocol,
    status: 200
  },

  assignReaders: {
    method: 'POST',
    path: '/cases/{caseId}/assignments',
    summary: 'Give a case to readers',
    params: case_,
    body: NewAssignment,
    response: Type.Array(Read),
    status: 201
  },
  withdrawAssignment: {
    method: 'DELETE',
    path: '/reads/{readId}/assignment',
    summary: 'Take back a read that has not begun',
    params: read,
    status: 204
  },
  listMyReads: {
    method: 'GET',
    path: '/me/reads',
    summary: 'Reads that I have been given: those due first, submitted ones last',
    response: Type.Array(MyRead),
    status: 200
  },
  beginRead: {
    method: 'POST',
    path: '/reads/{readId}/begin',
    summary: 'Begin a read that I have been given',
    params: read,
    response: Read,
    status: 200
  },
  submitRead: {
    method: 'POST',
    path: '/reads/{readId}/submit',
    summary: 'Submit and sign: what is painted becomes a revision, the read is closed',
    params: read,
    body: Submission,
    response: Revision,
    status: 201
  },
  reopenRead: {
    method: 'POST',
    path: '/reads/{readId}/reopen',
    summary: 'Open a submitted read again, for its next revision',
    params: read,
    body: Reopening,
    response: Read,
    status: 200
  },
  listRevisions: {
    method: 'GET',
    path: '/reads/{readId}/revisions',
    summary: 'Revisions of a read, oldest first',
    params: read,
    response: Type.Array(Revision),
    status: 200
  },
  listReadOrigins: {
    method: 'GET',
    path: '/reads/{readId}/origins',
    summary: 'What a read owes to models: what was copied into it, whose proposals were seen; newest last',
    params: read,
    response: Type.Array(ReadOrigin),
    status: 200
  },
  listStrata: {
    method: 'GET',
    path: '/projects/{projectId}/strata',
    summary: 'Groups that the cases of a project belong to',
    params: project,
    response: Type.Array(CaseStrata),
    status: 200
  },
  changeStrata: {
    method: 'PATCH',
    path: '/projects/{projectId}/strata',
    summary: 'Put cases into groups, or take them out; all cases are answered',
    params: project,
    body: StrataChanges,
    response: Type.Array(CaseStrata),
    status: 200
  },
  listAuditEvents: {
    method: 'GET',
    path: '/projects/{projectId}/audit',
    summary: 'Events of the audit log after a sequence, at most 500',
    params: project,
    query: Type.Object({ after: Type.Optional(Type.Integer({ minimum: 0 })) }),
    response: Type.Array(AuditEvent),
    status: 200
  }
} as const satisfies Record<string, Operation>;

/** Label maps that never change, and what differs between them. */
export const fixedLabelMapOperations = {
  getFixedLabelMap: {
    method: 'GET',
    path: '/label-maps/{reference}',
    summary: 'Bricks of a revision, a consensus or a released case',
    params: Type.Object({ reference: LabelMapReference }),
    response: LabelMapSnapshot,
    status: 200
  },
  getFixedLabelMapPack: {
    method: 'GET',
    path: '/label-maps/{reference}/pack',
    summary: 'Those bricks, one after the other',
    params: Type.Object({ reference: LabelMapReference }),
    binaryResponse: true,
    status: 200
  },
  getDifference: {
    method: 'GET',
    path: '/differences',
    summary: 'What changed between two label maps of one case',
    query: Type.Object({ before: LabelMapReference, after: LabelMapReference }),
    response: Difference,
    status: 200
  }
} as const satisfies Record<string, Operation>;

/** Consensus, its disputes and how they are decided. */
export const consensusOperations = {
  startConsensus: {
    method: 'POST',
    path: '/cases/{caseId}/consensus',
    summary: 'Compute the consensus of the submitted reads',
    params: case_,
    body: NewConsensus,
    response: Consensus,
    status: 202
  },
  listConsensus: {
    method: 'GET',
    path: '/cases/{caseId}/consensus',
    summary: 'Drafts of the consensus, newest first, without their results',
    params: case_,
    response: Type.Array(Consensus),
    status: 200
  },
  getConsensus: {
    method: 'GET',
    path: '/consensus/{consensusId}',
    summary: 'One draft, with progress or result',
    params: consensus,
    response: Consensus,
    status: 200
  },
  cancelConsensus: {
    method: 'DELETE',
    path: '/consensus/{consensusId}',
    summary: 'Cancel the computation',
    params: consensus,
    status: 204
  },
  getDisagreement: {
    method: 'GET',
    path: '/consensus/{consensusId}/disagreement',
    summary: 'Disagreement per voxel, 0 to 255, as bricks',
    params: consensus,
    response: LabelMapSnapshot,
    status: 200
  },
  getDisagreementPack: {
    method: 'GET',
    path: '/consensus/{consensusId}/disagreement/pack',
    summary: 'Those bricks, one after the other',
    params: consensus,
    binaryResponse: true,
    status: 200
  },
  getSoftMap: {
    method: 'GET',
    path: '/consensus/{consensusId}/soft/{number}',
    summary: 'Probability of a segment per voxel, 0 to 255, as bricks',
    params: Type.Object({ consensusId: Id, number: SegmentNumber }),
    response: LabelMapSnapshot,
    status: 200
  },
  getSoftMapPack: {
    method: 'GET',
    path: '/consensus/{consensusId}/soft/{number}/pack',
    summary: 'Those bricks, one after the other',
    params: Type.Object({ consensusId: Id, number: SegmentNumber }),
    binaryResponse: true,
    status: 200
  },
  getDisputeRegion: {
    method: 'GET',
    path: '/consensus/{consensusId}/disputes/{dispute}/region',
    summary: 'Voxels of a dispute',
    params: dispute,
    response: DisputeRegion,
    status: 200
  },
  beginAdjudication: {
    method: 'POST',
    path: '/consensus/{consensusId}/adjudication',
    summary: 'Begin the adjudication, or answer the one that has begun: a read that starts as the consensus',
    params: consensus,
    response: Read,
    status: 201
  },
  decideDispute: {
    method: 'POST',
    path: '/consensus/{consensusId}/disputes/{dispute}/decisions',
    summary: 'Decide a dispute; an older decision stays on record',
    params: dispute,
    body: NewDecision,
    response: Decision,
    status: 201
  },
  listDecisions: {
    method: 'GET',
    path: '/consensus/{consensusId}/decisions',
    summary: 'Every decision, oldest first, replaced ones too',
    params: consensus,
    response: Type.Array(Decision),
    status: 200
  },
  getProjectAgreement: {
    method: 'GET',
    path: '/projects/{projectId}/agreement',
    summary: 'How far readers agree, over the cases that have a consensus',
    params: project,
    response: ProjectAgreement,
    status: 200
  }
} as const satisfies Record<string, Operation>;

/** Signed, numbered ground truth. */
export const releaseOperations = {
  listReleases: {
    method: 'GET',
    path: '/projects/{projectId}/releases',
    summary: 'Releases of a project, newest first',
    params: project,
    response: Type.Array(Release),
    status: 200
  },
  prepareRelease: {
    method: 'POST',
    path: '/projects/{projectId}/releases',
    summary: 'Put a release together, for signing',
    params: project,
    body: NewRelease,
    response: Release,
    status: 202
  },
  getRelease: {
    method: 'GET',
    path: '/releases/{releaseId}',
    summary: 'One release',
    params: release,
    response: Release,
    status: 200
  },
  signRelease: {
    method: 'POST',
    path: '/releases/{releaseId}/signatures',
    summary: 'Sign; with the last signature that is needed it is released',
    params: release,
    body: Signing,
    response: Release,
    status: 201
  },
  withdrawRelease: {
    method: 'DELETE',
    path: '/releases/{releaseId}',
    summary: 'Give up a release that is not released yet',
    params: release,
    status: 204
  },
  getReleaseArchive: {
    method: 'GET',
    path: '/releases/{releaseId}/archive',
    summary: 'The self-contained folder of a release, as a zip file',
    params: release,
    binaryResponse: true,
    status: 200
  },
  getReleaseReport: {
    method: 'GET',
    path: '/releases/{releaseId}/report',
    summary: 'The readable report of a release: the HTML page that is in its folder',
    params: release,
    binaryResponse: true,
    status: 200
  },
  verifyRelease: {
    method: 'GET',
    path: '/releases/{releaseId}/verification',
    summary: 'Check every byte of a release, as `voxcord verify` does',
    params: release,
    response: Verification,
    status: 200
  }
} as const satisfies Record<string, Operation>;
