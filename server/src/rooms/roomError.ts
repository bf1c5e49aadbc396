export type RoomErrorCode =
  | 'room.unknown'
  | 'room.load-failed'
  | 'room.store-failed'
  | 'room.closed'
  | 'segment.exists'
  | 'segment.unknown'
  | 'segment.in-use'
  | 'segment.none-free'
  | 'snapshot.unknown';

/** A room could not do what was asked. The message says what to do. */
export class RoomError extends Error {
  override readonly name = 'RoomError';
  constructor(
    readonly code: RoomErrorCode,
    message: string,
    options?: ErrorOptions
  ) {
    super(message, options);
  }
}
