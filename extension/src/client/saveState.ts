import type { RoomState } from './roomConnection.js';

/** What the status bar says. `count` is the number of changes that the server has not acknowledged. */
export type SaveState =
  | { readonly kind: 'connecting'; readonly count: number }
  | { readonly kind: 'saved' }
  | { readonly kind: 'unsaved'; readonly count: number }
  | { readonly kind: 'offline'; readonly count: number; readonly code: number | null }
  | { readonly kind: 'refused'; readonly count: number; readonly code: number };

/** "Saved" only when the server has acknowledged everything on a connection that is in step with it. */
export function saveStateOf(room: RoomState, isSynced: boolean, count: number): SaveState {
  switch (room.kind) {
    case 'refused':
      return { kind: 'refused', count, code: room.code };
    case 'offline':
      return { kind: 'offline', count, code: room.code };
    case 'connecting':
      return { kind: 'connecting', count };
    case 'connected':
      if (!isSynced) return { kind: 'connecting', count };
      return count === 0 ? { kind: 'saved' } : { kind: 'unsaved', count };
  }
}
