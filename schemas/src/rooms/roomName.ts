export type RoomKind = 'case' | 'read';

/** A room is named by its kind and the id of what it is about: `read:6f1c…`. */
export interface RoomName {
  readonly kind: RoomKind;
  readonly id: string;
}

const PATTERN = /^(case|read):([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})$/;

export function formatRoomName(name: RoomName): string {
  return `${name.kind}:${name.id}`;
}

/** The room that `text` names, or null if it names none. */
export function parseRoomName(text: string): RoomName | null {
  const match = PATTERN.exec(text);
  if (match === null) return null;
  const [, kind, id] = match;
  if ((kind !== 'case' && kind !== 'read') || id === undefined) return null;
  return { kind, id };
}
