import { StoreError } from '../store/store.js';

/** The store's name for a failure of its disk, or null if it is something else. */
export function storeFailure(error: unknown): StoreError | null {
  if (error instanceof StoreError) return error;
  const code = error instanceof Error && 'code' in error ? error.code : null;
  if (code === 'ENOSPC' || code === 'EDQUOT') {
    return new StoreError('disk-full', 'The disk of the service is full. Make room, then try again.', { cause: error });
  }
  if (code === 'EACCES' || code === 'EROFS' || code === 'EIO') {
    return new StoreError('unwritable', 'The data folder of the service cannot be written. Check its permissions.', {
      cause: error
    });
  }
  return null;
}
