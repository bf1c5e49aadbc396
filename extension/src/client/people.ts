import { type ISignal, Signal } from '@lumino/signaling';
import { Presence } from '@voxcord/schemas/rooms';
import { Value } from 'typebox/value';
import type { Awareness } from 'y-protocols/awareness';

/** Somebody in the room, as the server has verified them. One person has as many clients as open pages. */
export interface PersonPresent {
  readonly client: number;
  readonly isMe: boolean;
  readonly user: Presence['user'];
  readonly cursor: Presence['cursor'];
  readonly crosshair: Presence['crosshair'];
  readonly isAway: boolean;
}

/** A person with all their pages in the room taken together. */
export interface PersonInRoom {
  readonly user: Presence['user'];
  readonly isMe: boolean;
  readonly pages: number;
  /** Of the page in which they point at the image, or else of any. */
  readonly cursor: Presence['cursor'];
  readonly crosshair: Presence['crosshair'];
  /** In none of their pages. */
  readonly isAway: boolean;
}

export type OwnPresence = Pick<Presence, 'cursor' | 'crosshair' | 'activity'>;

/** Who is in a room, from awareness. */
export class People {
  private readonly _changed = new Signal<this, void>(this);
  private list: readonly PersonPresent[] = [];
  private own: OwnPresence = {};

  constructor(
    private readonly awareness: Awareness,
    private readonly me: Presence['user']
  ) {
    awareness.setLocalState({ user: me, activity: 'active' });
    awareness.on('change', this.refresh);
    this.refresh();
  }

  get changed(): ISignal<this, void> {
    return this._changed;
  }

  /** Everybody, me first, then by name. */
  present(): readonly PersonPresent[] {
    return this.list;
  }

  /** Shows where I am; the server adds who I am. */
  show(change: OwnPresence): void {
    this.own = { ...this.own, ...change };
    this.awareness.setLocalState({ ...this.own, user: this.me });
  }

  /** Nobody sees me here any more. */
  dispose(): void {
    this.awareness.off('change', this.refresh);
    this.awareness.setLocalState(null);
    Signal.clearData(this);
  }

  private readonly refresh = (): void => {
    const people: PersonPresent[] = [];
    for (const [client, state] of this.awareness.getStates()) {
      if (!Value.Check(Presence, state)) continue;
      const isMe = client === this.awareness.clientID;
      people.push({
        client,
        isMe,
        user: isMe ? this.me : state.user,
        cursor: state.cursor,
        crosshair: state.crosshair,
        isAway: state.activity === 'away'
      });
    }
    people.sort((a, b) => Number(b.isMe) - Number(a.isMe) || a.user.displayName.localeCompare(b.user.displayName));
    this.list = people;
    this._changed.emit();
  };
}

/** One entry for each person of `people`, in their order. */
export function byPerson(people: readonly PersonPresent[]): PersonInRoom[] {
  const persons = new Map<string, PersonInRoom>();
  for (const { user, isMe, cursor, crosshair, isAway } of people) {
    const known = persons.get(user.username);
    persons.set(user.username, {
      user: known?.user ?? user,
      isMe: isMe || known?.isMe === true,
      pages: (known?.pages ?? 0) + 1,
      cursor: known?.cursor ?? cursor,
      crosshair: known?.crosshair ?? crosshair,
      isAway: isAway && known?.isAway !== false
    });
  }
  return [...persons.values()];
}
