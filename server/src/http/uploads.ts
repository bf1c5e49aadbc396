import { randomUUID } from 'node:crypto';
import { open, rm } from 'node:fs/promises';
import path from 'node:path';
import type { Readable } from 'node:stream';
import type { DiskSpace } from './diskSpace.js';
import { storeFailure } from './fileErrors.js';
import { RequestError } from './errors.js';

export interface UploadLimits {
  /** Bytes of one upload. */
  readonly bytes: number;
  /** Bytes of all uploads of one person that wait for their import. */
  readonly bytesPerPerson: number;
  /** Uploads of one person that are under way or wait for their import. */
  readonly perPerson: number;
  /** A complete upload that nobody imports is deleted after so long. */
  readonly keepMilliseconds: number;
  /** An upload of which nothing comes for so long is given up. */
  readonly idleMilliseconds: number;
}

/** How often the room on the disk is looked at while bytes come. */
const DISK_CHECK_BYTES = 64 * 1024 * 1024;

interface Upload {
  readonly path: string;
  readonly username: string;
  bytes: number;
  /** Runs from its completion on. */
  expires: NodeJS.Timeout | null;
}

/** Files on their way to an import, in the store's scratch folder. */
export class Uploads {
  private readonly uploads = new Map<string, Upload>();

  constructor(
    private readonly scratch: string,
    private readonly limits: UploadLimits,
    private readonly disk: DiskSpace
  ) {}

  /** Writes a stream to disk. Answers the upload's id. Throws `RequestError` or `StoreError`; nothing is left then. */
  async receive(username: string, content: Readable, announced: number | null): Promise<string> {
    const id = randomUUID();
    const upload: Upload = { path: path.join(this.scratch, `upload-${id}`), username, bytes: 0, expires: null };
    this.checkCount(username);
    this.uploads.set(id, upload);
    try {
      this.checkBytes(upload, announced ?? 0);
      await this.disk.require(announced ?? 0);
      await this.write(upload, content);
      upload.expires = setTimeout(() => void this.discard(id), this.limits.keepMilliseconds).unref();
      return id;
    } catch (error) {
      await this.discard(id);
      if (error instanceof RequestError) throw error;
      throw storeFailure(error) ?? interrupted(error);
    }
  }

  /** The file of an upload of this person. Throws `RequestError` (`upload.unknown`). */
  find(username: string, id: string): string {
    const upload = this.uploads.get(id);
    if (upload?.username !== username) {
      throw new RequestError(
        'upload.unknown',
        'There is no such upload: it was imported or has expired. Send it again.'
      );
    }
    return upload.path;
  }

  async discard(id: string): Promise<void> {
    const upload = this.uploads.get(id);
    if (upload === undefined) return;
    this.uploads.delete(id);
    if (upload.expires !== null) clearTimeout(upload.expires);
    await rm(upload.path, { force: true });
  }

  async close(): Promise<void> {
    await Promise.all([...this.uploads.keys()].map(id => this.discard(id)));
  }

  private async write(upload: Upload, content: Readable): Promise<void> {
    const file = await open(upload.path, 'wx', 0o600);
    // Whoever gives up first: the stream must not be destroyed with it, since the answer goes the same way.
    const chunks: AsyncIterator<unknown, unknown> = content.iterator({ destroyOnReturn: false });
    try {
      for (;;) {
        const chunk = await this.nextChunk(chunks);
        if (chunk === null) return;
        this.checkBytes(upload, chunk.byteLength);
        upload.bytes += chunk.byteLength;
        if (upload.bytes % DISK_CHECK_BYTES < chunk.byteLength) await this.disk.require(0);
        await file.writeFile(chunk);
      }
    } finally {
      await file.close();
    }
  }

  private async nextChunk(chunks: AsyncIterator<unknown, unknown>): Promise<Uint8Array | null> {
    let timer: NodeJS.Timeout | undefined;
    const idle = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(interrupted()), this.limits.idleMilliseconds);
    });
    const next = chunks.next();
    try {
      const { done, value } = await Promise.race([next, idle]);
      if (done === true) return null;
      if (!(value instanceof Uint8Array)) throw interrupted();
      return value;
    } finally {
      clearTimeout(timer);
      // Given up: what becomes of the stream concerns nobody any more.
      next.catch(() => undefined);
    }
  }

  private checkCount(username: string): void {
    if (this.of(username).length >= this.limits.perPerson) throw tooMuch();
  }

  private checkBytes(upload: Upload, more: number): void {
    if (upload.bytes + more > this.limits.bytes) {
      throw new RequestError(
        'request.too-large',
        `An upload has at most ${this.limits.bytes} bytes. Crop the image, or ask for a higher limit.`
      );
    }
    const waiting = this.of(upload.username).reduce((sum, { bytes }) => sum + bytes, 0);
    if (waiting + more > this.limits.bytesPerPerson) throw tooMuch();
  }

  private of(username: string): Upload[] {
    return [...this.uploads.values()].filter(upload => upload.username === username);
  }
}

function tooMuch(): RequestError {
  return new RequestError('upload.quota', 'You have uploaded much that is not imported. Import it, or wait an hour.');
}

function interrupted(cause?: unknown): RequestError {
  return new RequestError('upload.interrupted', 'The upload ended before it was complete. Send it again.', null, {
    cause
  });
}
