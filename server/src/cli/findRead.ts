import { readCase, readProject, readRead, type StoredRead } from '../projects/records.js';
import type { Store } from '../store/store.js';
import { RefusedError } from './commandErrors.js';

const SHORTEST_PREFIX = 4;

/** The read with this id, or the only one whose id begins so. Throws `RefusedError`. */
export async function findRead(store: Store, idOrPrefix: string): Promise<StoredRead> {
  const exact = await store.catalogue.get('read', idOrPrefix);
  if (exact !== null) return readRead(exact);
  if (idOrPrefix.length < SHORTEST_PREFIX) {
    throw new RefusedError('read.unknown', `Give at least ${SHORTEST_PREFIX} characters of the id of the read.`);
  }
  const found: StoredRead[] = [];
  for (const project of (await store.catalogue.list('project', null)).map(readProject)) {
    for (const case_ of (await store.catalogue.list('case', project.id)).map(readCase)) {
      const reads = (await store.catalogue.list('read', case_.id)).map(readRead);
      found.push(...reads.filter(({ id }) => id.startsWith(idOrPrefix)));
    }
  }
  const [read] = found;
  if (read === undefined) throw new RefusedError('read.unknown', 'There is no such read in this data folder.');
  if (found.length > 1) {
    throw new RefusedError('read.ambiguous', `${found.length} reads begin so. Give more characters of the id.`);
  }
  return read;
}
