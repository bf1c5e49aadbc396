import { MainAreaWidget } from '@jupyterlab/apputils';
import type { TranslationBundle } from '@jupyterlab/translation';
import { ReactWidget, UseSignal } from '@jupyterlab/ui-components';
import type { Widget } from '@lumino/widgets';
import type { ReactNode } from 'react';
import { volumeLabel } from '../panels/layerList.js';
import { paintRuleText } from '../panels/paintRule.js';
import { toolChoices } from '../panels/toolBox.js';
import { byPerson } from '../client/index.js';
import { Avatar } from '../ui/avatar.js';
import { IconButton } from '../ui/iconButton.js';
import { eyeOffIcon } from '../ui/icons.js';
import type { Layout } from '../viewer/index.js';
import { CaseView } from './caseView.js';

/** Makes one item of the toolbar for the case that it stands above. */
export type ToolbarItem = (view: CaseView) => Widget;

/** Items of the toolbar of a case by name, as the settings list them. */
export function caseToolbarItems(trans: TranslationBundle): Readonly<Record<string, ToolbarItem>> {
  const item = (name: string, draw: (view: CaseView) => ReactNode) => (view: CaseView) => {
    const widget = ReactWidget.create(<UseSignal signal={view.changed}>{() => draw(view)}</UseSignal>);
    widget.addClass(`voxcord-Toolbar-${name}`);
    widget.addClass('voxcord-Toolbar-item');
    return widget;
  };
  return {
    layout: item('layout', view => <Layouts view={view} trans={trans} />),
    preset: item('preset', view => <Presets view={view} trans={trans} />),
    volume: item('volume', view => <Volumes view={view} trans={trans} />),
    tool: item('tool', view => <Tools view={view} trans={trans} />),
    people: item('people', view => <People view={view} trans={trans} />)
  };
}

/** The case in `widget`, whose toolbar is being filled. */
export function caseViewIn(widget: Widget): CaseView | null {
  return widget instanceof MainAreaWidget && widget.content instanceof CaseView ? widget.content : null;
}

interface ItemProps {
  readonly view: CaseView;
  readonly trans: TranslationBundle;
}

function Layouts({ view, trans }: ItemProps): ReactNode {
  const choices: readonly [Layout, string, string][] = [
    ['2x2', '2×2', trans.__('Three planes and 3D')],
    ['axial', trans.__('Axial'), trans.__('Axial plane alone')],
    ['coronal', trans.__('Coronal'), trans.__('Coronal plane alone')],
    ['sagittal', trans.__('Sagittal'), trans.__('Sagittal plane alone')],
    ['3d', trans.__('3D'), trans.__('Surfaces alone')]
  ];
  return (
    <span className="voxcord-Choice" role="group" aria-label={trans.__('Layout')}>
      {choices.map(([layout, label, title]) => (
        <button
          key={layout}
          className={`voxcord-Button${view.viewLayout === layout ? ' voxcord-mod-pressed' : ''}`}
          aria-pressed={view.viewLayout === layout}
          title={title}
          onClick={() => {
            view.viewLayout = layout;
          }}
        >
          {label}
        </button>
      ))}
    </span>
  );
}

function Presets({ view, trans }: ItemProps): ReactNode {
  const { presets, window } = view.viewer;
  const current = presets.find(({ width, level }) => width === window.width && level === window.level);
  return (
    <select
      className="voxcord-Select"
      value={current?.id ?? ''}
      title={trans.__('Window and level')}
      aria-label={trans.__('Window and level')}
      onChange={event => {
        if (event.target.value !== '') view.viewer.applyPreset(event.target.value);
      }}
    >
      {current === undefined && <option value="">{trans.__('Own window')}</option>}
      {presets.map(({ id, label }) => (
        <option key={id} value={id}>
          {label}
        </option>
      ))}
    </select>
  );
}

/** Only where there is a choice: phases of a CT, frames of a 4D file. */
function Volumes({ view, trans }: ItemProps): ReactNode {
  const volumes = view.model.case?.volumes ?? [];
  if (volumes.length < 2) return null;
  return (
    <select
      className="voxcord-Select"
      value={view.model.volume?.hash ?? ''}
      title={trans.__('Volume')}
      aria-label={trans.__('Volume')}
      onChange={event => view.model.showVolume(event.target.value)}
    >
      {volumes.map(volume => (
        <option key={volume.hash} value={volume.hash}>
          {volumeLabel(volume, trans)}
        </option>
      ))}
    </select>
  );
}

function Tools({ view, trans }: ItemProps): ReactNode {
  const rule = paintRuleText(view, trans);
  return (
    <>
      <span className="voxcord-Choice" role="group" aria-label={trans.__('Tool')}>
        {toolChoices(trans).map(({ tool, icon, label }) => (
          <IconButton
            key={tool}
            icon={icon}
            label={label}
            isPressed={view.tool === tool}
            onClick={() => {
              view.tool = tool;
            }}
          />
        ))}
      </span>
      {rule !== null && (
        <button
          className="voxcord-Button voxcord-Rule"
          title={trans.__('Strokes change nothing else. Press to paint over everything again')}
          onClick={() => {
            view.viewer.paintOver = 'everything';
            view.viewer.paintRange = null;
          }}
        >
          {rule} ×
        </button>
      )}
    </>
  );
}

const MAX_AVATARS = 6;

function People({ view, trans }: ItemProps): ReactNode {
  const { session } = view.model;
  if (session?.read.access === 'blind' && session.read.purpose !== 'model') {
    return (
      <span className="voxcord-Blind" title={trans.__('Blind read: you see nobody, nobody sees you.')}>
        <eyeOffIcon.react tag="span" width="16px" height="16px" />
        {trans.__('Blind read')}
      </span>
    );
  }
  const people = byPerson(session?.people.present() ?? []);
  const { username } = view.following;
  const leader = people.find(({ user }) => user.username === username);
  return (
    <>
      {username !== null && (
        <button
          className="voxcord-Button voxcord-Following"
          title={trans.__('Your slices move with theirs. Press to stop, or act on the picture (Esc)')}
          onClick={() => view.following.stop()}
        >
          {leader === undefined
            ? trans.__('Waiting for %1 ×', username)
            : trans.__('Following %1 ×', leader.user.displayName)}
        </button>
      )}
      <span className="voxcord-Avatars" role="group" aria-label={trans.__('People in the room')}>
        {people.slice(0, MAX_AVATARS).map(({ user, isAway, isMe }) => (
          <Avatar
            key={user.username}
            initials={user.initials}
            colour={user.colour}
            isAway={isAway}
            title={isMe ? trans.__('%1 (you)', user.displayName) : trans.__('%1: follow', user.displayName)}
            {...(isMe ? {} : { onClick: () => view.follow(user.username), isPressed: user.username === username })}
          />
        ))}
        {people.length > MAX_AVATARS && <span className="voxcord-Row-detail">+{people.length - MAX_AVATARS}</span>}
      </span>
    </>
  );
}
