import { describe, expect, it } from 'vitest';
import type { RoomState } from '../../src/client/roomConnection.js';
import { saveStateOf } from '../../src/client/saveState.js';

describe('what the status bar says', () => {
  it('is "saved" only on a connection in step with the server, with nothing unacknowledged', () => {
    const rooms: RoomState[] = [
      { kind: 'connecting' },
      { kind: 'connected' },
      { kind: 'offline', code: null, attempts: 1 },
      { kind: 'refused', code: 4409 }
    ];
    const saved = rooms.flatMap(room =>
      [true, false].flatMap(isSynced =>
        [0, 3]
          .filter(count => saveStateOf(room, isSynced, count).kind === 'saved')
          .map(count => [room.kind, isSynced, count])
      )
    );
    expect(saved).toEqual([['connected', true, 0]]);
  });

  it('counts what is not saved in every other state', () => {
    expect(saveStateOf({ kind: 'connected' }, true, 2)).toEqual({ kind: 'unsaved', count: 2 });
    expect(saveStateOf({ kind: 'connected' }, false, 2)).toEqual({ kind: 'connecting', count: 2 });
    expect(saveStateOf({ kind: 'offline', code: 4503, attempts: 2 }, false, 2)).toEqual({
      kind: 'offline',
      count: 2,
      code: 4503
    });
    expect(saveStateOf({ kind: 'refused', code: 4409 }, false, 2)).toEqual({ kind: 'refused', count: 2, code: 4409 });
  });
});
