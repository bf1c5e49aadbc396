import type { Form } from '../form.js';
import { parseCanonical } from '../parseCanonical.js';
import type { ReleaseFiles } from '../releaseFiles.js';
import { BrokenRecord } from './verdict.js';

/** A canonical JSON file of a release. Throws `BrokenRecord`. */
export async function readRecord<T>(files: ReleaseFiles, path: string, form: Form<T>): Promise<T> {
  const parsed = parseCanonical(await files.read(path));
  if (!parsed.ok) throw new BrokenRecord(path, parsed.reason);
  if (!form.Check(parsed.value)) throw new BrokenRecord(path, 'it does not have the form of such a file');
  return parsed.value;
}
