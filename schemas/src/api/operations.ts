import Type, { type TSchema } from 'typebox';
import { Case, NewCase, NewProject, NewRead, Project, Read } from './cases.js';
import { evaluationOperations } from './evaluationOperations.js';
import { LabelMapFingerprint, LabelMapHead } from './labelMaps.js';
import { modelJobOperations } from './modelJobOperations.js';
import { modelOperations } from './modelOperations.js';
import { Me } from './people.js';
import { proposalOperations } from './proposalOperations.js';
import { NewSegment, Segment, SegmentChange } from './segments.js';
import { ImportJob, ImportSource, Volume } from './volumes.js';
import {
  consensusOperations,
  fixedLabelMapOperations,
  readingOperations,
  releaseOperations
} from './studyOperations.js';
import { Id, Sha256 } from './values.js';

/** Where the REST API begins, below the service's root. */
export const API_PREFIX = '/api/v1';

/** One call of the REST API. The server's routes, the clients and the OpenAPI document come from these. */
export interface Operation {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** OpenAPI style path below `API_PREFIX`: `/cases/{caseId}`. */
  readonly path: string;
  readonly summary: string;
  readonly params?: TSchema;
  readonly query?: TSchema;
  readonly body?: TSchema;
  /** Bytes instead of JSON in the request. */
  readonly binaryBody?: true;
  readonly response?: TSchema;
  /** Bytes instead of JSON in the answer, in ranges, cacheable for ever. */
  readonly binaryResponse?: true;
  readonly status: 200 | 201 | 202 | 204;
}

const project = Type.Object({ projectId: Id });
const case_ = Type.Object({ caseId: Id });
const read = Type.Object({ readId: Id });
const volume = Type.Object({ volumeHash: Sha256 });

export const operations = {
  ...readingOperations,
  ...fixedLabelMapOperations,
  ...consensusOperations,
  ...releaseOperations,
  ...evaluationOperations,
  ...modelOperations,
  ...modelJobOperations,
  ...proposalOperations,

  me: { method: 'GET', path: '/me', summary: 'Who am I to the server?', response: Me, status: 200 },

  listProjects: {
    method: 'GET',
    path: '/projects',
    summary: 'Projects that I may see',
    response: Type.Array(Project),
    status: 200
  },
  createProject: {
    method: 'POST',
    path: '/projects',
    summary: 'Create a project; its creator manages it',
    body: NewProject,
    response: Project,
    status: 201
  },
  getProject: {
    method: 'GET',
    path: '/projects/{projectId}',
    summary: 'One project',
    params: project,
    response: Project,
    status: 200
  },

  listCases: {
    method: 'GET',
    path: '/projects/{projectId}/cases',
    summary: 'Cases of a project',
    params: project,
    response: Type.Array(Case),
    status: 200
  },
  createCase: {
    method: 'POST',
    path: '/projects/{projectId}/cases',
    summary: 'Start a case from volumes; with `access`, also its first read',
    params: project,
    body: NewCase,
    response: Case,
    status: 201
  },
  getCase: {
    method: 'GET',
    path: '/cases/{caseId}',
    summary: 'One case with its volumes and the reads that I may know of',
    params: case_,
    response: Case,
    status: 200
  },
  createRead: {
    method: 'POST',
    path: '/cases/{caseId}/reads',
    summary: 'Begin a read',
    params: case_,
    body: NewRead,
    response: Read,
    status: 201
  },
  getRead: { method: 'GET', path: '/reads/{readId}', summary: 'One read', params: read, response: Read, status: 200 },

  listSegments: {
    method: 'GET',
    path: '/reads/{readId}/segments',
    summary: 'Segments of a read',
    params: read,
    response: Type.Array(Segment),
    status: 200
  },
  addSegment: {
    method: 'POST',
    path: '/reads/{readId}/segments',
    summary: 'Add a segment; everybody in the room sees it',
    params: read,
    body: NewSegment,
    response: Segment,
    status: 201
  },
  changeSegment: {
    method: 'PATCH',
    path: '/reads/{readId}/segments/{number}',
    summary: 'Rename, recolour, renumber or retire a segment',
    params: Type.Object({ readId: Id, number: Type.Integer({ minimum: 1, maximum: 255 }) }),
    body: SegmentChange,
    response: Segment,
    status: 200
  },

  getLabelMapHead: {
    method: 'GET',
    path: '/reads/{readId}/label-map',
    summary: 'Newest stored snapshots of a read',
    params: read,
    response: LabelMapHead,
    status: 200
  },
  getLabelMapPack: {
    method: 'GET',
    path: '/reads/{readId}/label-map/{snapshotHash}/pack',
    summary: 'Bricks of a snapshot, one after the other, in manifest order',
    params: Type.Object({ readId: Id, snapshotHash: Sha256 }),
    binaryResponse: true,
    status: 200
  },
  getLabelMapFingerprint: {
    method: 'GET',
    path: '/reads/{readId}/label-map/fingerprint',
    summary: "Fingerprints of the server's own fold, to compare with one's own",
    params: read,
    response: LabelMapFingerprint,
    status: 200
  },

  uploadFile: {
    method: 'POST',
    path: '/uploads',
    summary: 'Store a file for a following import',
    binaryBody: true,
    response: Type.Object({ upload: Id }, { additionalProperties: false }),
    status: 201
  },
  startImport: {
    method: 'POST',
    path: '/imports',
    summary: 'Read a NIfTI file into volumes (all frames of a 4D file unless one is named)',
    body: ImportSource,
    response: ImportJob,
    status: 202
  },
  getImport: {
    method: 'GET',
    path: '/imports/{importId}',
    summary: 'Progress of an import',
    params: Type.Object({ importId: Id }),
    response: ImportJob,
    status: 200
  },
  cancelImport: {
    method: 'DELETE',
    path: '/imports/{importId}',
    summary: 'Cancel an import',
    params: Type.Object({ importId: Id }),
    status: 204
  },

  getVolume: {
    method: 'GET',
    path: '/volumes/{volumeHash}',
    summary: 'One volume',
    params: volume,
    response: Volume,
    status: 200
  },
  getVolumeFile: {
    method: 'GET',
    path: '/volumes/{volumeHash}/nifti',
    summary: 'The volume on its closest-canonical RAS grid, as an uncompressed NIfTI file',
    params: volume,
    binaryResponse: true,
    status: 200
  }
} as const satisfies Record<string, Operation>;

export type OperationName = keyof typeof operations;
