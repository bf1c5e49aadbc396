import { createWriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { buffer } from 'node:stream/consumers';
import { MODEL_FILE, parseModelFile, type ModelFile } from '@voxcord/schemas/models';
import { openPromise, type Entry, type ZipFile } from 'yauzl';
import { ModelError } from './errors.js';
import { MAX_ARCHIVE_ENTRIES, MAX_CARD_BYTES, MAX_DESCRIPTION_BYTES, MAX_WEIGHTS_BYTES } from './limits.js';
import { weightsOf } from './modelFolder.js';
import { decodeText } from './plainFiles.js';

/** What some programs add to archives by themselves. */
const LITTER = /^__MACOSX\/|(^|\/)(\.DS_Store|Thumbs\.db|desktop\.ini)$/;
const STORED = 0;
const DEFLATED = 8;
const FILE_TYPE = 0o170000;
const REGULAR = 0o100000;

/**
 * Unpacks a ZIP archive of one model folder, or of its files: `model.json` and what it names, nothing else. Throws
 * `ModelError` (`archive.*`, `model.no-description`, `model.file-missing` ...), `ModelFileError` and errors of the system;
 * what was written stays in `target` then.
 *
 * @param target a folder that is made
 * @param reserve is asked before anything is written whether there is room for so many bytes
 */
export async function unpackModel(
  archive: string,
  target: string,
  reserve: (bytes: number) => Promise<void>
): Promise<void> {
  await refusing(async () => {
    const zip = await openPromise(archive, { autoClose: false, lazyEntries: true, strictFileNames: true });
    try {
      await unpack(zip, target, reserve);
    } finally {
      zip.close();
    }
  });
}

async function unpack(zip: ZipFile, target: string, reserve: (bytes: number) => Promise<void>): Promise<void> {
  const entries = await filesOf(zip);
  const description = entries.get(MODEL_FILE);
  if (description === undefined) {
    throw new ModelError(
      'model.no-description',
      `The archive holds no ${MODEL_FILE}, neither at its top nor in one folder. Pack the folder of the model.`
    );
  }
  checkSize(description, MODEL_FILE, MAX_DESCRIPTION_BYTES);
  const text = await buffer(limited(await zip.openReadStreamPromise(description), MODEL_FILE, MAX_DESCRIPTION_BYTES));
  const wanted = [...wantedFiles(parseModelFile(decodeText(text, MODEL_FILE)))].map(([name, most]) => {
    const entry = entries.get(name);
    if (entry === undefined) {
      throw new ModelError('model.file-missing', `The archive lacks ${name}, which ${MODEL_FILE} names. Pack it too.`);
    }
    checkSize(entry, name, most);
    return { name, entry, most };
  });
  await reserve(wanted.reduce((bytes, { entry }) => bytes + entry.uncompressedSize, 0));
  await mkdir(target);
  for (const { name, entry, most } of wanted) {
    const content = await zip.openReadStreamPromise(entry);
    const file = createWriteStream(path.join(target, name), { flags: 'wx', flush: true });
    await pipeline(content, new Limit(name, most), file);
  }
}

function wantedFiles(file: ModelFile): ReadonlyMap<string, number> {
  const wanted = new Map([[MODEL_FILE, MAX_DESCRIPTION_BYTES]]);
  for (const weights of weightsOf(file)) wanted.set(weights.file, MAX_WEIGHTS_BYTES);
  if (file.card !== null) wanted.set(file.card, MAX_CARD_BYTES);
  return wanted;
}

/** The files at the top of the archive, or in its only folder, by their names. */
async function filesOf(zip: ZipFile): Promise<ReadonlyMap<string, Entry>> {
  if (zip.entryCount > MAX_ARCHIVE_ENTRIES) {
    throw new ModelError(
      'archive.too-large',
      `The archive has more than ${MAX_ARCHIVE_ENTRIES} entries. Pack one model.`
    );
  }
  const files = new Map<string, Entry>();
  for await (const entry of zip.eachEntry()) {
    if (LITTER.test(entry.fileName) || entry.fileName.endsWith('/')) continue;
    checkEntry(entry);
    if (files.has(entry.fileName)) throw new ModelError('archive.paths', `The archive holds ${entry.fileName} twice.`);
    files.set(entry.fileName, entry);
  }
  const folders = new Set([...files.keys()].map(name => path.posix.dirname(name)));
  const described = [...folders].filter(name => files.has(name === '.' ? MODEL_FILE : `${name}/${MODEL_FILE}`));
  const folder = described.includes('.') ? '.' : described[0];
  if (folder !== '.' && described.length > 1) {
    throw new ModelError('archive.paths', `The archive holds ${described.length} models. Pack and send one at a time.`);
  }
  const inFolder = [...files].filter(([name]) => path.posix.dirname(name) === folder);
  return new Map(inFolder.map(([name, entry]) => [path.posix.basename(name), entry]));
}

function checkEntry(entry: Entry): void {
  const { fileName, compressionMethod, externalFileAttributes } = entry;
  if (entry.isEncrypted()) {
    throw new ModelError('archive.encrypted', 'The archive is encrypted. Pack it without a password.');
  }
  const type = (externalFileAttributes >>> 16) & FILE_TYPE;
  if (type !== 0 && type !== REGULAR) {
    throw new ModelError('archive.paths', `${fileName} in the archive is a link or no file. Pack the file itself.`);
  }
  if (compressionMethod !== STORED && compressionMethod !== DEFLATED) {
    throw new ModelError(
      'archive.unreadable',
      `${fileName} is packed in an unusual way. Pack it as plain ZIP (deflate).`
    );
  }
}

function checkSize({ uncompressedSize }: Entry, name: string, most: number): void {
  if (uncompressedSize > most) throw tooLarge(name, most);
}

function limited(content: NodeJS.ReadableStream, name: string, most: number): Transform {
  const limit = new Limit(name, most);
  content.on('error', (error: Error) => limit.destroy(error));
  return content.pipe(limit);
}

/** Whatever an archive says of itself. */
class Limit extends Transform {
  private bytes = 0;

  constructor(name: string, most: number) {
    super({
      transform: (chunk: Buffer, _, done) => {
        this.bytes += chunk.length;
        if (this.bytes > most) done(tooLarge(name, most));
        else done(null, chunk);
      }
    });
  }
}

function tooLarge(name: string, most: number): ModelError {
  return new ModelError(
    'archive.too-large',
    `${name} has more than ${most} bytes unpacked, which is more than is read.`
  );
}

/** Errors of the library and of zlib are about the archive; those of the system are not. */
async function refusing(work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (cause) {
    if (!(cause instanceof Error) || cause.name === 'ModelFileError' || cause instanceof ModelError) throw cause;
    if ('syscall' in cause || cause.name === 'StoreError') throw cause;
    const what = /^(invalid|absolute) (relative )?(path|characters)/i.test(cause.message) ? 'paths' : 'unreadable';
    throw new ModelError(
      `archive.${what}`,
      what === 'paths'
        ? 'The archive holds files that would land outside its folder. Pack the folder of the model.'
        : 'The file is no ZIP archive, or it is damaged. Pack and send it again.',
      { cause }
    );
  }
}
