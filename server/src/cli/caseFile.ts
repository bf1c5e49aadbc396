import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { formatCaseFile } from '@voxcord/schemas/files';

/** Writes a `.voxcord` file that opens a case, if one is wanted. Answers its whole path. */
export async function writeCaseFile(wanted: string | undefined, caseId: string, title: string): Promise<string | null> {
  if (wanted === undefined) return null;
  const file = path.resolve(wanted);
  await writeFile(file, formatCaseFile({ voxcord: 1, case: caseId, title }));
  return file;
}
