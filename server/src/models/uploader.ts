import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { Username } from '@voxcord/schemas/api';
import Type from 'typebox';
import { Value } from 'typebox/value';

/** Beside the files of an uploaded model. */
const UPLOAD_FILE = '.upload.json';

const Upload = Type.Object({ uploadedBy: Username }, { additionalProperties: false });

/** Who has uploaded a model; null if nobody has: somebody has put the folder there. */
export async function readUploader(folder: string): Promise<string | null> {
  try {
    const content: unknown = JSON.parse(await readFile(path.join(folder, UPLOAD_FILE), 'utf8'));
    return Value.Check(Upload, content) ? content.uploadedBy : null;
  } catch {
    return null;
  }
}

export async function writeUploader(folder: string, uploadedBy: string): Promise<void> {
  await writeFile(path.join(folder, UPLOAD_FILE), `${JSON.stringify({ uploadedBy })}\n`, { flag: 'wx', flush: true });
}
