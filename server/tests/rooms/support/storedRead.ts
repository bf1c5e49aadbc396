import { formatRoomName, type RoomName } from '@voxcord/schemas/rooms';
import * as Y from 'yjs';
import { openEmbeddedStore } from '../../../src/store/embedded/openEmbeddedStore.js';
import type { LogEntry, Store } from '../../../src/store/store.js';

/** The log of a room, read from its folder by somebody else than the service. */
export async function storedLog(folder: string, room: RoomName): Promise<LogEntry[]> {
  const store = await openEmbeddedStore(folder, { readOnly: true });
  const entries = await logOf(store, formatRoomName(room));
  await store.close();
  return entries;
}

export async function logOf(store: Store, room: string): Promise<LogEntry[]> {
  const entries: LogEntry[] = [];
  for await (const batch of store.log.read(room, 0)) entries.push(...batch);
  return entries;
}

/** Names of the records that entries of a log bring, as often as they bring them. */
export function recordIdsOf(entries: readonly LogEntry[]): string[] {
  return entries.filter(({ author }) => author !== null).flatMap(({ update }) => structIds(update));
}

/** `client:clock` of each struct of an update. */
export function structIds(update: Uint8Array): string[] {
  return Y.decodeUpdate(update).structs.map(({ id }) => `${id.client}:${id.clock}`);
}

export function documentOf(entries: readonly LogEntry[]): Y.Doc {
  const doc = new Y.Doc();
  for (const { update } of entries) Y.applyUpdate(doc, update);
  return doc;
}
