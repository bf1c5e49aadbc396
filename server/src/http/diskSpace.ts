import { statfs } from 'node:fs/promises';
import { StoreError } from '../store/store.js';

/** Room on the disk of the store. Some of it is kept free of images, so that strokes can always be stored. */
export class DiskSpace {
  constructor(
    private readonly folder: string,
    /** Bytes that images leave free. */
    private readonly reserve: number
  ) {}

  /** Bytes that images may take; may be negative. */
  async free(): Promise<number> {
    const { bavail, bsize } = await statfs(this.folder);
    return bavail * bsize - this.reserve;
  }

  /** Rejects with `StoreError` (`disk-full`) if there is no room for so many bytes of images. */
  async require(bytes: number): Promise<void> {
    if ((await this.free()) > bytes) return;
    throw new StoreError('disk-full', 'The disk of the service is nearly full. Make room, then try again.');
  }
}
