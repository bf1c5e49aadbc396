import * as Y from 'yjs';

/**
 * Whether the server, whose state vector is `theirs`, lacks something that it had acknowledged or sent before. `unsaved`
 * holds for each client the lowest clock that it has not acknowledged; it may lack those and what follows them.
 */
export function lacksAcknowledged(
  theirs: ReadonlyMap<number, number>,
  doc: Y.Doc,
  unsaved: ReadonlyMap<number, number>
): boolean {
  const clients = new Set([...doc.store.clients.keys(), ...unsaved.keys()]);
  return [...clients].some(client => {
    const acknowledged = unsaved.get(client) ?? Y.getState(doc.store, client);
    return (theirs.get(client) ?? 0) < acknowledged;
  });
}
