import type { TranslationBundle } from '@jupyterlab/translation';
import type { ReactNode } from 'react';
import type { CaseTracker } from '../case/caseTracker.js';
import type { CaseView } from '../case/caseView.js';
import type { PersonPresent } from '../client/index.js';
import { Avatar } from '../ui/avatar.js';
import { peopleIcon } from '../ui/icons.js';
import { Section } from './section.js';
import { TrackedPanel } from './trackedPanel.js';

/** Right panel: who is in the room. */
export class PeoplePanel extends TrackedPanel {
  constructor(
    tracker: CaseTracker,
    private readonly trans: TranslationBundle
  ) {
    super(tracker);
    this.id = 'voxcord-people-panel';
    this.title.icon = peopleIcon;
    this.title.caption = trans.__('People in the room');
    this.addClass('voxcord-Panel');
  }

  protected override draw(view: CaseView | null): ReactNode {
    const { trans } = this;
    const session = view?.model.session ?? null;
    if (view === null || session === null) {
      return <div className="voxcord-Empty">{trans.__('Who else is in the read in front appears here.')}</div>;
    }
    const people = session.people.present();
    return (
      <Section title={trans.__('People in the room')} aside={people.length}>
        <ul className="voxcord-Rows">
          {people.map(person => (
            <li key={person.client} className="voxcord-Row" data-client={person.client}>
              <Avatar
                initials={person.user.initials}
                colour={person.user.colour}
                title={person.user.username}
                isAway={person.isAway}
              />
              <span className="voxcord-Row-name">
                {person.isMe ? trans.__('You') : person.user.displayName}
                <span className="voxcord-Row-detail"> · {activityOf(person, trans)}</span>
              </span>
              {!person.isMe && person.crosshair !== undefined && (
                <button
                  className="voxcord-Button"
                  title={trans.__('Move my crosshair to where %1 is', person.user.displayName)}
                  onClick={() => {
                    if (person.crosshair !== undefined) view.viewer.crosshair = person.crosshair;
                  }}
                >
                  {trans.__('Go there')}
                </button>
              )}
            </li>
          ))}
        </ul>
        {people.length === 1 && (
          <p className="voxcord-Hint">
            {session.read.access === 'shared'
              ? trans.__(
                  'You are alone here. Others who open this case paint in the same read; you see each other’s strokes and cursors as they move.'
                )
              : trans.__('This read is blind: nobody else can join, see or measure it.')}
          </p>
        )}
      </Section>
    );
  }
}

function activityOf(person: PersonPresent, trans: TranslationBundle): string {
  if (person.isAway) return trans.__('away');
  const { cursor } = person;
  if (cursor === null || cursor === undefined) return trans.__('here');
  const plane = { axial: trans.__('axial'), coronal: trans.__('coronal'), sagittal: trans.__('sagittal') }[
    cursor.plane
  ];
  return cursor.painting ? trans.__('painting, %1', plane) : plane;
}
