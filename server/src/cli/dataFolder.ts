import path from 'node:path';
import type { Person } from '@voxcord/schemas/api';
import { openEmbeddedStore } from '../store/embedded/openEmbeddedStore.js';
import type { Store } from '../store/store.js';

/** Who acts on the command line: whoever may write the data folder. */
export const OPERATOR: Person = { username: 'voxcord', displayName: 'Voxcord', initials: 'V', colour: '#999999' };

/** `--data`, else VOXCORD_DATA, else `.voxcord/data` in the current folder. */
export function dataFolder(option: string | undefined): string {
  return path.resolve(option ?? process.env['VOXCORD_DATA'] ?? path.join('.voxcord', 'data'));
}

/** Opens the store for one task and closes it after. Rejects with `StoreError`. */
export async function withStore<T>(
  folder: string,
  options: { readonly readOnly: boolean },
  task: (store: Store) => Promise<T>
): Promise<T> {
  const store = await openEmbeddedStore(folder, options);
  try {
    return await task(store);
  } finally {
    await store.close();
  }
}
