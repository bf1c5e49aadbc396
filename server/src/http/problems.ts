import type { Problem } from '@voxcord/schemas/api';
import { CanonicalJsonError } from '@voxcord/schemas/files';
import { ModelFileError, type ModelFileErrorCode } from '@voxcord/schemas/models';
import { IdentityError, type IdentityErrorCode } from '../identity/identityError.js';
import { ImagingError, type ImagingErrorCode } from '../imaging/index.js';
import { InferenceError, type InferenceErrorCode } from '../inference/errors.js';
import { ModelError, type ModelErrorCode } from '../models/errors.js';
import { ProjectError, type ProjectErrorCode } from '../projects/errors.js';
import { RoomError, type RoomErrorCode } from '../rooms/roomError.js';
import { StoreError, type StoreErrorCode } from '../store/store.js';
import { GroundTruthError, type GroundTruthErrorCode } from '../studies/groundTruthError.js';
import { StudyError, type StudyErrorCode } from '../studies/errors.js';
import { TruthError, type TruthErrorCode } from '../truth/index.js';
import { ModelJobError, type ModelJobErrorCode } from '../studies/modelJobs/modelJobError.js';
import { GROUND_TRUTH_PROBLEMS } from './groundTruthProblems.js';
import { MODEL_JOB_PROBLEMS } from './modelJobProblems.js';
import { MODEL_PROBLEMS } from './modelProblems.js';
import { STUDY_PROBLEMS } from './studyProblems.js';
import { ProposalError, type ProposalErrorCode } from '../proposals/errors.js';
import { PROPOSAL_PROBLEMS } from './proposalProblems.js';
import { RequestError, type RequestErrorCode } from './errors.js';

type StoreProblemCode = `store.${StoreErrorCode}`;

export type ProblemCode =
  | RequestErrorCode
  | IdentityErrorCode
  | ProjectErrorCode
  | ImagingErrorCode
  | RoomErrorCode
  | StoreProblemCode
  | StudyErrorCode
  | TruthErrorCode
  | GroundTruthErrorCode
  | ModelErrorCode
  | ModelFileErrorCode
  | InferenceErrorCode
  | ModelJobErrorCode
  | ProposalErrorCode
  | 'service.failed';

/** Every problem that the REST API answers with: its status and what it is called. Codes never change their meaning. */
export const PROBLEMS: Readonly<Record<ProblemCode, { readonly status: number; readonly title: string }>> = {
  ...STUDY_PROBLEMS,
  ...GROUND_TRUTH_PROBLEMS,
  ...MODEL_PROBLEMS,
  ...MODEL_JOB_PROBLEMS,
  ...PROPOSAL_PROBLEMS,
  'request.invalid': { status: 400, title: 'The request does not have the expected form' },
  'request.not-json': { status: 400, title: 'The body is not JSON' },
  'request.media-type': { status: 415, title: 'The body has an unexpected type' },
  'request.too-large': { status: 413, title: 'The body is too large' },
  'request.too-many': { status: 429, title: 'Too many requests' },
  'request.not-found': { status: 404, title: 'There is no such address' },
  'request.range': { status: 416, title: 'The range is not in the content' },
  'path.unknown': { status: 404, title: 'There is no such file' },
  'upload.unknown': { status: 404, title: 'There is no such upload' },
  'upload.interrupted': { status: 400, title: 'The upload was interrupted' },
  'upload.quota': { status: 413, title: 'Too much has been uploaded and not imported' },
  'import.unknown': { status: 404, title: 'There is no such import' },
  'import.too-many': { status: 429, title: 'Too many imports are running' },
  'identity.missing': { status: 401, title: 'The request carries no identity' },
  'identity.invalid': { status: 401, title: 'The identity is not valid' },
  'identity.expired': { status: 401, title: 'The identity has expired' },
  'identity.secret': { status: 500, title: 'The service has no usable identity secret' },
  'project.unknown': { status: 404, title: 'There is no such project' },
  'case.unknown': { status: 404, title: 'There is no such case' },
  'read.unknown': { status: 404, title: 'There is no such read' },
  'volume.unknown': { status: 404, title: 'There is no such volume' },
  'access.denied': { status: 403, title: 'Your role does not allow this' },
  'segments.number-taken': { status: 409, title: 'The segment number is taken' },
  'segments.full': { status: 409, title: 'There is no free segment number' },
  'file.unreadable': { status: 422, title: 'The file cannot be read' },
  'gzip.corrupt': { status: 422, title: 'The compressed data is damaged' },
  'gzip.bomb': { status: 422, title: 'The file inflates beyond belief' },
  'nifti.magic': { status: 422, title: 'Not a NIfTI file' },
  'nifti.pair': { status: 422, title: 'Half of a two-file image' },
  'nifti.truncated': { status: 422, title: 'The file is cut short' },
  'nifti.datatype': { status: 422, title: 'The voxel type is not supported' },
  'nifti.dimensions': { status: 422, title: 'The dimensions are impossible' },
  'nifti.affine': { status: 422, title: 'The position in space is missing' },
  'nifti.offset': { status: 422, title: 'The position of the voxels in the file is impossible' },
  'nifti.extension': { status: 422, title: 'A header extension is damaged' },
  'nifti.scaling': { status: 422, title: 'The scaling of the voxels is impossible' },
  'volume.too-large': { status: 422, title: 'The volume is too large' },
  'volume.no-space': { status: 507, title: 'The disk has no room for the volume' },
  'frame.unknown': { status: 422, title: 'There is no such frame' },
  'label-map.grid': { status: 500, title: 'The label map does not fit its volume' },
  'room.unknown': { status: 404, title: 'There is no such room' },
  'room.load-failed': { status: 503, title: 'The room could not be loaded' },
  'room.store-failed': { status: 503, title: 'The change could not be stored' },
  'room.closed': { status: 503, title: 'The room is closed' },
  'segment.exists': { status: 409, title: 'The segment number is taken' },
  'segment.unknown': { status: 404, title: 'There is no such segment' },
  'segment.in-use': { status: 409, title: 'Something is painted with the segment' },
  'segment.none-free': { status: 409, title: 'There is no free segment number' },
  'snapshot.unknown': { status: 404, title: 'There is no such snapshot' },
  'store.exists': { status: 409, title: 'It is there already' },
  'store.disk-full': { status: 507, title: 'The disk is full' },
  'store.unwritable': { status: 503, title: 'The data folder cannot be written' },
  'store.corrupt': { status: 500, title: 'Stored data is damaged' },
  'store.closed': { status: 503, title: 'The service is shutting down' },
  'service.failed': { status: 500, title: 'The service failed' }
};

export function makeProblem(code: ProblemCode, detail: string): Problem {
  return { type: `urn:voxcord:problem:${code}`, ...PROBLEMS[code], code, detail };
}

export function isProblemCode(code: string): code is ProblemCode {
  return Object.hasOwn(PROBLEMS, code);
}

/** The problem that an error stands for. What is not one of our typed errors tells nothing about itself. */
export function problemOf(error: unknown): Problem {
  if (
    error instanceof RequestError ||
    error instanceof IdentityError ||
    error instanceof ProjectError ||
    error instanceof RoomError ||
    error instanceof StudyError ||
    error instanceof TruthError ||
    error instanceof GroundTruthError ||
    error instanceof ModelError ||
    error instanceof ModelFileError ||
    error instanceof InferenceError ||
    error instanceof ModelJobError ||
    error instanceof ProposalError ||
    error instanceof ImagingError
  ) {
    return makeProblem(error.code, error.message);
  }
  if (error instanceof StoreError) return makeProblem(`store.${error.code}`, error.message);
  if (error instanceof CanonicalJsonError) return makeProblem('request.invalid', error.message);
  return ofFramework(error) ?? makeProblem('service.failed', 'The service failed. Its log says why; try again.');
}

/** What fastify refuses by itself. */
function ofFramework(error: unknown): Problem | null {
  if (!(error instanceof Error) || !('code' in error)) return null;
  switch (error.code) {
    case 'FST_ERR_CTP_BODY_TOO_LARGE':
      return makeProblem('request.too-large', 'The body is longer than the service accepts. Send less.');
    case 'FST_ERR_CTP_INVALID_MEDIA_TYPE':
      return makeProblem('request.media-type', 'Send JSON, with content-type application/json.');
    case 'FST_ERR_CTP_EMPTY_JSON_BODY':
    case 'FST_ERR_CTP_INVALID_JSON_BODY':
    case 'FST_ERR_CTP_INVALID_CONTENT_LENGTH':
      return makeProblem('request.not-json', 'The body is not valid JSON. Correct it.');
    default:
      return null;
  }
}
