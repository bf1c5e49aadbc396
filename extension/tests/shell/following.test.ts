import { Signal } from '@lumino/signaling';
import { describe, expect, it } from 'vitest';
import { Following } from '../../src/case/following.js';
import type { PersonPresent } from '../../src/client/index.js';
import { byPerson } from '../../src/client/people.js';

type Place = readonly [number, number, number];

/** A picture without pixels: a crosshair that tells when it moves, and a node that is pressed. */
class Crosshair {
  readonly crosshairChanged = new Signal<never, Place>(this as never);
  readonly node = new EventTarget() as HTMLElement;
  phase = { phase: 'ready' as 'ready' | 'empty' };
  private place: Place = [0, 0, 0];

  get crosshair(): Place {
    return this.place;
  }

  set crosshair(place: Place) {
    this.place = place;
    this.crosshairChanged.emit(place);
  }
}

function person(username: string, client: number, crosshair?: Place, isMe = false): PersonPresent {
  const user = { username, displayName: username, initials: username.slice(0, 1), colour: '#336699' };
  const place = crosshair === undefined ? undefined : ([...crosshair] as [number, number, number]);
  return { client, isMe, user, cursor: null, crosshair: place, isAway: false };
}

function followed(): { picture: Crosshair; following: Following } {
  const picture = new Crosshair();
  return { picture, following: new Following(picture) };
}

describe('following somebody', () => {
  it('moves with the person who is followed and with nobody else', () => {
    const { picture, following } = followed();
    following.update([person('ben', 7, [1, 2, 3])]);
    expect(picture.crosshair).toEqual([0, 0, 0]);
    following.start('ben', [person('ben', 7, [1, 2, 3]), person('cem', 8, [9, 9, 9])]);
    expect(picture.crosshair).toEqual([1, 2, 3]);
    following.update([person('ben', 7, [1, 2, 3]), person('cem', 8, [8, 8, 8])]);
    expect(picture.crosshair).toEqual([1, 2, 3]);
    following.update([person('ben', 7, [4, 5, 6])]);
    expect(picture.crosshair).toEqual([4, 5, 6]);
    expect(following.username).toBe('ben');
  });

  it('goes on after they have reloaded their page, and waits while they are away', () => {
    const { picture, following } = followed();
    following.start('ben', [person('ben', 7, [1, 2, 3])]);
    following.update([]);
    expect(following.username).toBe('ben');
    following.update([person('ben', 4711, [4, 4, 4])]);
    expect(picture.crosshair).toEqual([4, 4, 4]);
  });

  it('goes with the page that moves when the person has two', () => {
    const { picture, following } = followed();
    following.start('ben', [person('ben', 1, [1, 1, 1]), person('ben', 2, [2, 2, 2])]);
    following.update([person('ben', 1, [3, 3, 3]), person('ben', 2, [2, 2, 2])]);
    expect(picture.crosshair).toEqual([3, 3, 3]);
    following.update([person('ben', 1, [3, 3, 3]), person('ben', 2, [5, 5, 5])]);
    expect(picture.crosshair).toEqual([5, 5, 5]);
  });

  it('ends when I move or press on the picture, and stays where I am', () => {
    const { picture, following } = followed();
    following.start('ben', [person('ben', 7, [1, 2, 3])]);
    picture.crosshair = [7, 7, 7];
    following.update([person('ben', 7, [8, 8, 8])]);
    expect([following.username, picture.crosshair]).toEqual([null, [7, 7, 7]]);
    following.start('ben', [person('ben', 7, [1, 2, 3])]);
    picture.node.dispatchEvent(new Event('pointerdown'));
    expect(following.username).toBeNull();
  });

  it('does not end because a volume that is being shown places the crosshair', () => {
    const { picture, following } = followed();
    following.start('ben', [person('ben', 7, [1, 2, 3])]);
    picture.phase = { phase: 'empty' };
    picture.crosshair = [0, 0, 0];
    expect(following.username).toBe('ben');
  });

  it('lets two people who follow each other come to rest, however their crosshairs are rounded', () => {
    const [ada, ben] = [followed(), followed()];
    let moves = 0;
    const tell = (follower: Following, leader: PersonPresent): void => {
      if (++moves > 100) throw new Error('They chase each other.');
      follower.update([leader]);
    };
    ada.following.start('ben', []);
    ben.following.start('ada', []);
    ada.picture.crosshairChanged.connect((_, place) => tell(ben.following, person('ada', 1, rounded(place))));
    ben.picture.crosshairChanged.connect((_, place) => tell(ada.following, person('ben', 2, rounded(place))));
    ada.following.update([person('ben', 2, [10, 20, 30])]);
    expect(ben.picture.crosshair.map(Math.round)).toEqual([10, 20, 30]);
    expect([ada.following.username, ben.following.username]).toEqual(['ben', 'ada']);
  });
});

function rounded(place: Place): Place {
  return place.map(value => value + 1e-9) as unknown as Place;
}

describe('people with several pages', () => {
  it('are listed once, away only when all their pages are, and as me when one of them is mine', () => {
    const away = { ...person('ben', 2), isAway: true };
    const list = byPerson([person('ada', 1, undefined, true), away, person('ben', 3, [1, 1, 1]), person('ada', 4)]);
    expect(list.map(({ user, isMe, pages, isAway }) => [user.username, isMe, pages, isAway])).toEqual([
      ['ada', true, 2, false],
      ['ben', false, 2, false]
    ]);
    expect(list[1]?.crosshair).toEqual([1, 1, 1]);
    expect(byPerson([away])[0]?.isAway).toBe(true);
  });
});
