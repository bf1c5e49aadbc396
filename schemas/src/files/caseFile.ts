import Type, { type Static } from 'typebox';
import { Value } from 'typebox/value';
import { Id } from '../api/values.js';

/** Content of a `.voxcord` file: the address of a case and nothing else. */
export const CaseFile = Type.Object(
  { voxcord: Type.Literal(1), case: Id, title: Type.Optional(Type.String({ maxLength: 200 })) },
  { title: 'CaseFile', additionalProperties: false }
);
export type CaseFile = Static<typeof CaseFile>;

export class CaseFileError extends Error {
  override readonly name = 'CaseFileError';
}

/** Reads a `.voxcord` file. Throws `CaseFileError` with a text for people. */
export function parseCaseFile(text: string): CaseFile {
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch {
    throw new CaseFileError('This file is not a Voxcord case: it is not valid JSON.');
  }
  if (!Value.Check(CaseFile, content)) {
    throw new CaseFileError('This file is not a Voxcord case: it should hold "voxcord": 1 and the id of a case.');
  }
  return content;
}

export function formatCaseFile(file: CaseFile): string {
  return `${JSON.stringify(file, null, 2)}\n`;
}
