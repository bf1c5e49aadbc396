import type { TranslationBundle } from '@jupyterlab/translation';
import type { ReactNode } from 'react';
import type { CaseInFront } from '../case/caseInFront.js';
import type { CaseView } from '../case/caseView.js';
import { type PersonInRoom, type ReadSession, byPerson } from '../client/index.js';
import { Avatar } from '../ui/avatar.js';
import { peopleIcon } from '../ui/icons.js';
import { Section } from './section.js';
import { TrackedPanel } from './trackedPanel.js';

/** Right panel: who is in the room. */
export class PeoplePanel extends TrackedPanel {
  constructor(
    front: CaseInFront,
    private readonly trans: TranslationBundle
  ) {
    super(front);
    this.id = 'voxcord-people-panel';
    this.title.icon = peopleIcon;
    this.title.caption = trans.__('People in the room');
    this.addClass('voxcord-Panel');
  }

  protected override draw(view: CaseView | null): ReactNode {
    const { trans } = this;
    const session = view?.model.session ?? null;
    if (view === null || session === null) {
      return (
        <div className="voxcord-Empty">
          {trans.__(
            'Who is in the read in front appears here: where they look, and a way to follow them. Open a case to see its people.'
          )}
        </div>
      );
    }
    const people = byPerson(session.people.present());
    return (
      <Section title={trans.__('People in the room')} aside={people.length}>
        <ul className="voxcord-Rows">
          {people.map(person => (
            <PersonRow key={person.user.username} person={person} view={view} trans={trans} />
          ))}
        </ul>
        {people.length === 1 && <p className="voxcord-Hint">{aloneText(session, trans)}</p>}
      </Section>
    );
  }
}

function aloneText(session: ReadSession, trans: TranslationBundle): string {
  const { kind } = session.saveState;
  if (kind === 'offline' || kind === 'refused')
    return trans.__('Without a connection nobody can see who else is here.');
  if (session.read.access === 'blind' && session.read.purpose !== 'model') {
    return trans.__('Blind read: you see nobody, nobody sees you.');
  }
  return session.mayPaint
    ? trans.__(
        'You are alone here. Others who open this case paint in the same read; you see each other’s strokes and cursors as they move.'
      )
    : trans.__('You are alone here. Others who open this case appear in this list.');
}

interface PersonRowProps {
  readonly person: PersonInRoom;
  readonly view: CaseView;
  readonly trans: TranslationBundle;
}

function PersonRow({ person, view, trans }: PersonRowProps): ReactNode {
  const { user, crosshair, isMe } = person;
  const isFollowed = view.following.username === user.username;
  const name = (
    <>
      <Avatar initials={user.initials} colour={user.colour} title={user.username} isAway={person.isAway} />
      <span className="voxcord-Row-name">
        {isMe ? trans.__('You') : user.displayName}
        <span className="voxcord-Row-detail"> · {activityOf(person, trans)}</span>
      </span>
    </>
  );
  if (isMe) {
    return (
      <li className="voxcord-Row" data-person={user.username}>
        <span className="voxcord-Row-main voxcord-mod-still">{name}</span>
      </li>
    );
  }
  return (
    <li className={`voxcord-Row${isFollowed ? ' voxcord-mod-current' : ''}`} data-person={user.username}>
      <button
        className="voxcord-Row-main"
        disabled={crosshair === undefined}
        title={trans.__('Move my crosshair to where %1 is', user.displayName)}
        onClick={() => {
          if (crosshair !== undefined) view.viewer.crosshair = crosshair;
        }}
      >
        {name}
      </button>
      <button
        className={`voxcord-Button${isFollowed ? ' voxcord-mod-pressed' : ''}`}
        aria-pressed={isFollowed}
        title={
          isFollowed
            ? trans.__('Stop following %1', user.displayName)
            : trans.__('Move my slices with those of %1 until I act on the picture myself', user.displayName)
        }
        onClick={() => view.follow(user.username)}
      >
        {isFollowed ? trans.__('Following') : trans.__('Follow')}
      </button>
    </li>
  );
}

function activityOf(person: PersonInRoom, trans: TranslationBundle): string {
  if (person.isAway) return trans.__('away');
  const { cursor } = person;
  if (cursor === null || cursor === undefined) return trans.__('here');
  const plane = { axial: trans.__('axial'), coronal: trans.__('coronal'), sagittal: trans.__('sagittal') }[
    cursor.plane
  ];
  return cursor.painting ? trans.__('painting, %1', plane) : plane;
}
