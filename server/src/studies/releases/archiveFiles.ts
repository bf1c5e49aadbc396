import type { BlobStore } from '../../store/store.js';
import { sha256, type ReleaseEntry, type ReleaseFiles } from '../../truth/index.js';

/*
 * The zip archives that `writeReleaseArchive` makes, read back: files stored as they are, one folder around them. Zip64
 * records are read too, for archives beyond 4 GiB.
 */

const END = 0x06054b50;
const END64 = 0x06064b50;
const END64_LOCATOR = 0x07064b50;
const CENTRAL = 0x02014b50;
const LOCAL = 0x04034b50;
const END_LENGTH = 22;
const LOCATOR_LENGTH = 20;
const END64_LENGTH = 56;
const LOCAL_LENGTH = 30;
const CENTRAL_LENGTH = 46;
const IN_ZIP64 = 0xffffffff;

type Blobs = Pick<BlobStore, 'stream'>;

interface Stored {
  readonly path: string;
  readonly header: number;
  readonly bytes: number;
}

/** The archive is no archive of a release any more. */
export class ArchiveDamaged extends Error {
  override readonly name = 'ArchiveDamaged';
}

/** The files of a release in its archive. */
export class ArchiveFiles implements ReleaseFiles {
  private constructor(
    private readonly blobs: Blobs,
    private readonly archive: string,
    private readonly files: ReadonlyMap<string, Stored>
  ) {}

  /** Rejects with `ArchiveDamaged`. */
  static async open(blobs: Blobs, archive: { readonly sha256: string; readonly bytes: number }): Promise<ArchiveFiles> {
    const read = (start: number, length: number): Promise<Buffer> => readBlob(blobs, archive.sha256, start, length);
    const directory = await findDirectory(read, archive.bytes);
    const files = new Map<string, Stored>();
    for (const stored of entries(await read(directory.start, directory.bytes))) {
      // The folder around them has the name of the release.
      files.set(stored.path.slice(stored.path.indexOf('/') + 1), stored);
    }
    return new ArchiveFiles(blobs, archive.sha256, files);
  }

  list(): Promise<ReleaseEntry[]> {
    return Promise.resolve([...this.files.keys()].map(path => ({ path, kind: 'file' })));
  }

  async read(path: string): Promise<Uint8Array> {
    const file = this.files.get(path);
    if (file === undefined) throw new ArchiveDamaged(`The archive has no ${path}.`);
    const head = await readBlob(this.blobs, this.archive, file.header, LOCAL_LENGTH);
    if (head.readUInt32LE(0) !== LOCAL) throw new ArchiveDamaged(`The archive is damaged at ${path}.`);
    const start = file.header + LOCAL_LENGTH + head.readUInt16LE(26) + head.readUInt16LE(28);
    return readBlob(this.blobs, this.archive, start, file.bytes);
  }

  async hash(path: string): Promise<string> {
    return sha256(await this.read(path));
  }
}

type Read = (start: number, length: number) => Promise<Buffer>;

async function findDirectory(read: Read, size: number): Promise<{ start: number; bytes: number }> {
  if (size < END_LENGTH) throw new ArchiveDamaged('The archive is too short.');
  const end = await read(size - END_LENGTH, END_LENGTH);
  if (end.readUInt32LE(0) !== END) throw new ArchiveDamaged('The archive has no end.');
  const plain = { start: end.readUInt32LE(16), bytes: end.readUInt32LE(12) };
  if (plain.start !== IN_ZIP64 && plain.bytes !== IN_ZIP64) return plain;
  const locator = await read(size - END_LENGTH - LOCATOR_LENGTH, LOCATOR_LENGTH);
  if (locator.readUInt32LE(0) !== END64_LOCATOR) throw new ArchiveDamaged('The archive has no end.');
  const end64 = await read(Number(locator.readBigUInt64LE(8)), END64_LENGTH);
  if (end64.readUInt32LE(0) !== END64) throw new ArchiveDamaged('The archive has no end.');
  return { start: Number(end64.readBigUInt64LE(48)), bytes: Number(end64.readBigUInt64LE(40)) };
}

function* entries(directory: Buffer): Generator<Stored> {
  for (let at = 0; at + CENTRAL_LENGTH <= directory.length;) {
    if (directory.readUInt32LE(at) !== CENTRAL) throw new ArchiveDamaged('The list of the archive is damaged.');
    if (directory.readUInt16LE(at + 10) !== 0) throw new ArchiveDamaged('The archive is packed in another way.');
    const nameLength = directory.readUInt16LE(at + 28);
    const extraLength = directory.readUInt16LE(at + 30);
    const path = directory.toString('utf8', at + CENTRAL_LENGTH, at + CENTRAL_LENGTH + nameLength);
    const extra = directory.subarray(at + CENTRAL_LENGTH + nameLength, at + CENTRAL_LENGTH + nameLength + extraLength);
    yield { path, ...placeOf(directory, at, extra) };
    at += CENTRAL_LENGTH + nameLength + extraLength + directory.readUInt16LE(at + 32);
  }
}

/** Zip64 keeps what does not fit in an extra field: size, packed size, offset, in this order. */
function placeOf(directory: Buffer, at: number, extra: Buffer): { header: number; bytes: number } {
  let bytes = directory.readUInt32LE(at + 24);
  let header = directory.readUInt32LE(at + 42);
  const packed = directory.readUInt32LE(at + 20);
  for (let field = 0; field + 4 <= extra.length; field += 4 + extra.readUInt16LE(field + 2)) {
    if (extra.readUInt16LE(field) !== 1) continue;
    let next = field + 4;
    const take = (value: number): number => {
      if (value !== IN_ZIP64) return value;
      next += 8;
      return Number(extra.readBigUInt64LE(next - 8));
    };
    bytes = take(bytes);
    take(packed);
    header = take(header);
  }
  return { header, bytes };
}

async function readBlob(blobs: Blobs, sha: string, start: number, length: number): Promise<Buffer> {
  const parts: Buffer[] = [];
  if (length > 0) {
    for await (const part of await blobs.stream(sha, start, start + length)) {
      parts.push(typeof part === 'string' ? Buffer.from(part) : part);
    }
  }
  const bytes = Buffer.concat(parts);
  if (bytes.length !== length) throw new ArchiveDamaged('The archive is cut short.');
  return bytes;
}
