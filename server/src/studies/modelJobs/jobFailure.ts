import { InferenceError } from '../../inference/errors.js';
import { ProjectError } from '../../projects/errors.js';
import { StoreError } from '../../store/store.js';
import { ModelJobError } from './modelJobError.js';

/** Why a job has ended without a result, for people. */
export interface JobFailure {
  readonly code: string;
  readonly detail: string;
}

const FULL = ['ENOSPC', 'EDQUOT'];

/** Null: an error that is nobody's but the service's. */
export function failureOf(error: unknown): JobFailure | null {
  if (error instanceof InferenceError || error instanceof ModelJobError || error instanceof ProjectError) {
    return { code: error.code, detail: error.message };
  }
  if (error instanceof StoreError) return { code: `store.${error.code}`, detail: error.message };
  if (error instanceof Error && 'code' in error && FULL.includes(String(error.code))) {
    return {
      code: 'store.disk-full',
      detail: 'The disk is full: nothing of the run is left. Make room, then run the model again.'
    };
  }
  return null;
}

export const SERVICE_FAILED: JobFailure = {
  code: 'service.failed',
  detail: 'The service failed while the model ran. Its log says why; run it again.'
};

/** A job that the service did not survive so often is not begun again. */
export const ATTEMPTS = 3;

export const INTERRUPTED: JobFailure = {
  code: 'model-job.interrupted',
  detail:
    `The service ended ${ATTEMPTS} times while this model ran. Run it again when few others work; if the service ends ` +
    'again, ask who runs it: there may be too little memory.'
};
