import type { TranslationBundle } from '@jupyterlab/translation';
import type { Read, Volume } from '@voxcord/schemas/api';
import { type ReactNode, useState } from 'react';
import type { CaseView } from '../case/caseView.js';
import { LiveLayers } from '../live/liveLayers.js';
import { modelIdOf } from '../models/modelTexts.js';
import { stateText } from '../reading/readTexts.js';
import { ModelMark } from '../ui/modelMark.js';
import { IconButton } from '../ui/iconButton.js';
import { eyeIcon, eyeOffIcon } from '../ui/icons.js';
import { threeDigits } from '../ui/numbers.js';
import { Slider } from '../ui/slider.js';
import { Section } from './section.js';

export interface LayerListProps {
  readonly view: CaseView;
  readonly trans: TranslationBundle;
}

/** Volumes and reads of a case, and what its reads agree on while they are painted. */
export function LayerList({ view, trans }: LayerListProps): ReactNode {
  const opened = view.model.case;
  if (opened === null) return null;
  return (
    <Section title={trans.__('Layers')}>
      <ul className="voxcord-Rows">
        {opened.volumes.map(volume => (
          <VolumeRow key={volume.hash} volume={volume} view={view} trans={trans} />
        ))}
        {opened.reads.map(read => (
          <ReadRow key={read.id} read={read} view={view} trans={trans} />
        ))}
      </ul>
      {view.kind === 'case' && <LiveLayers view={view} trans={trans} />}
    </Section>
  );
}

function VolumeRow({ volume, view, trans }: LayerListProps & { readonly volume: Volume }): ReactNode {
  const isShown = view.model.volume?.hash === volume.hash;
  const { width, level } = view.viewer.window;
  const name = volumeLabel(volume, trans);
  return (
    <li className={`voxcord-Row${isShown ? ' voxcord-mod-current' : ''}`}>
      <button
        className="voxcord-Row-main"
        title={trans.__('Show %1', name)}
        aria-pressed={isShown}
        onClick={() => view.model.showVolume(volume.hash)}
      >
        <span className="voxcord-Row-mark">{isShown ? '◉' : '○'}</span>
        <span className="voxcord-Row-name">{name}</span>
      </button>
      {isShown && <span className="voxcord-Row-value">{`W ${threeDigits(width)} L ${threeDigits(level)}`}</span>}
    </li>
  );
}

/** Name of a volume as lists show it; frames of a 4D file are numbered. */
export function volumeLabel(volume: Volume, trans: TranslationBundle): string {
  const name = volume.name.replace(/\.nii(\.gz)?$/i, '');
  return volume.frames > 1 ? trans.__('%1 · frame %2', name, volume.frame + 1) : name;
}

function ReadRow({ read, view, trans }: LayerListProps & { readonly read: Read }): ReactNode {
  const isCurrent = view.model.read?.id === read.id;
  const detail = readDetail(read, view, trans);
  return (
    <li className={`voxcord-Row${isCurrent ? ' voxcord-mod-current' : ''}`}>
      <button
        className="voxcord-Row-main"
        title={read.mayView ? `${read.title} · ${detail}` : trans.__('Nobody but its reader can look at it now')}
        aria-pressed={isCurrent}
        disabled={!read.mayView}
        onClick={() => {
          if (!isCurrent) void view.model.join(read);
        }}
      >
        <span className="voxcord-Row-mark">{isCurrent ? '◉' : read.mayView ? '○' : '–'}</span>
        <span className="voxcord-Row-name">
          {read.purpose === 'model' && <ModelMark trans={trans} />}
          {read.title} <span className="voxcord-Row-detail">· {detail}</span>
        </span>
      </button>
      {isCurrent && <LabelControls view={view} trans={trans} />}
    </li>
  );
}

/** Opacity and visibility of the labels. The slider stays folded: it is needed once. */
function LabelControls({ view, trans }: LayerListProps): ReactNode {
  const [isOpen, setOpen] = useState(false);
  const { display } = view;
  const percent = Math.round(display.labelsOpacity * 100);
  return (
    <>
      {isOpen ? (
        <Slider
          className="voxcord-Range voxcord-mod-short"
          min={0}
          max={100}
          value={percent}
          autoFocus
          title={trans.__('Opacity of the labels: %1 %', percent)}
          aria-label={trans.__('Opacity of the labels')}
          onValue={value => {
            display.labelsOpacity = value / 100;
            view.redisplay();
          }}
          onBlur={() => setOpen(false)}
        />
      ) : (
        <button className="voxcord-Value" title={trans.__('Opacity of the labels')} onClick={() => setOpen(true)}>
          {trans.__('%1 %', percent)}
        </button>
      )}
      <IconButton
        icon={display.labelsVisible ? eyeIcon : eyeOffIcon}
        label={display.labelsVisible ? trans.__('Hide the labels') : trans.__('Show the labels')}
        onClick={() => {
          display.labelsVisible = !display.labelsVisible;
          view.redisplay();
        }}
      />
    </>
  );
}

function readDetail(read: Read, view: CaseView, trans: TranslationBundle): string {
  if (read.purpose === 'model') return modelIdOf(read.reader);
  const state = stateText(read, trans);
  if (read.access === 'shared') return state;
  return read.reader.username === view.model.me?.username
    ? trans.__('mine, %1', state)
    : `${read.reader.displayName}, ${state}`;
}
