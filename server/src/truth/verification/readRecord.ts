import type { Static, TSchema } from 'typebox';
import { Value } from 'typebox/value';
import { parseCanonical } from '../parseCanonical.js';
import type { ReleaseFiles } from '../releaseFiles.js';
import { BrokenRecord } from './verdict.js';

/** A canonical JSON file of a release. Throws `BrokenRecord`. */
export async function readRecord<S extends TSchema>(files: ReleaseFiles, path: string, schema: S): Promise<Static<S>> {
  const parsed = parseCanonical(await files.read(path));
  if (!parsed.ok) throw new BrokenRecord(path, parsed.reason);
  if (!Value.Check(schema, parsed.value)) throw new BrokenRecord(path, 'it does not have the form of such a file');
  return parsed.value;
}
