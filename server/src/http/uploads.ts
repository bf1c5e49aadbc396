import { randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { Transform, type Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { storeFailure } from './fileErrors.js';
import { RequestError } from './errors.js';

export interface UploadLimits {
  /** Bytes of one upload. */
  readonly bytes: number;
  /** Bytes of all uploads of one person that wait for their import. */
  readonly bytesPerPerson: number;
  /** An upload that nobody imports is deleted after so long. */
  readonly keepMilliseconds: number;
}

interface Upload {
  readonly path: string;
  readonly username: string;
  bytes: number;
  readonly expires: NodeJS.Timeout;
}

/** Files on their way to an import, in the store's scratch folder. */
export class Uploads {
  private readonly uploads = new Map<string, Upload>();

  constructor(
    private readonly scratch: string,
    private readonly limits: UploadLimits
  ) {}

  /** Writes a stream to disk. Answers the upload's id. Throws `RequestError` or `StoreError`; nothing is left then. */
  async receive(username: string, content: Readable, announced: number | null): Promise<string> {
    if (announced !== null) this.check(username, announced);
    const id = randomUUID();
    const upload: Upload = {
      path: path.join(this.scratch, `upload-${id}`),
      username,
      bytes: 0,
      expires: setTimeout(() => void this.discard(id), this.limits.keepMilliseconds).unref()
    };
    this.uploads.set(id, upload);
    const counter = new Transform({
      transform: (chunk: Uint8Array, _, done) => {
        try {
          this.check(username, chunk.byteLength, upload.bytes);
        } catch (error) {
          done(error instanceof Error ? error : new Error('refused'));
          return;
        }
        upload.bytes += chunk.byteLength;
        done(null, chunk);
      }
    });
    try {
      await pipeline(content, counter, createWriteStream(upload.path, { flags: 'wx', mode: 0o600 }));
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
    clearTimeout(upload.expires);
    await rm(upload.path, { force: true });
  }

  async close(): Promise<void> {
    await Promise.all([...this.uploads.keys()].map(id => this.discard(id)));
  }

  private check(username: string, more: number, soFar = 0): void {
    if (soFar + more > this.limits.bytes) {
      throw new RequestError(
        'request.too-large',
        `An upload has at most ${this.limits.bytes} bytes. Crop the image, or ask for a higher limit.`
      );
    }
    let waiting = 0;
    for (const upload of this.uploads.values()) if (upload.username === username) waiting += upload.bytes;
    if (waiting + more > this.limits.bytesPerPerson) {
      throw new RequestError(
        'upload.quota',
        'You have uploaded much that is not imported. Import it, or wait an hour.'
      );
    }
  }
}

function interrupted(cause: unknown): RequestError {
  return new RequestError('upload.interrupted', 'The upload ended before it was complete. Send it again.', null, {
    cause
  });
}
