import type { TranslationBundle } from '@jupyterlab/translation';
import type { LiveFigures } from '@voxcord/schemas/rooms';
import type { ReactNode } from 'react';
import type { CaseView } from '../case/caseView.js';
import { threeDigits } from '../ui/numbers.js';
import type { LiveLayer, LivePicture } from './liveConsensus.js';
import { layerName, obstacleText, statusText } from './liveTexts.js';

export interface LiveLayersProps {
  readonly view: CaseView;
  readonly trans: TranslationBundle;
}

const LAYERS: readonly LiveLayer[] = ['consensus', 'disagreement'];

/** The layers of the live consensus in the list of layers, with what it says in numbers while one is on. */
export function LiveLayers({ view, trans }: LiveLayersProps): ReactNode {
  const { live } = view;
  const { obstacle, layers, picture } = live;
  if (obstacle !== null && layers.size === 0) {
    return (
      <p className="voxcord-Live-text" data-live="unavailable">
        {trans.__('Live consensus')}: {obstacleText(obstacle, trans)}
      </p>
    );
  }
  const text = statusText(live.status, trans);
  return (
    <>
      <ul className="voxcord-Rows" aria-label={trans.__('Live layers')}>
        {LAYERS.map(layer => (
          <LayerRow key={layer} layer={layer} view={view} trans={trans} />
        ))}
      </ul>
      {text !== '' && (
        <p className="voxcord-Live-text" role="status">
          {text}
        </p>
      )}
      {picture !== null && layers.size > 0 && <Readout picture={picture} view={view} trans={trans} />}
    </>
  );
}

function LayerRow({ layer, view, trans }: LiveLayersProps & { readonly layer: LiveLayer }): ReactNode {
  const isOn = view.live.layers.has(layer);
  const name = layerName(layer, trans);
  return (
    <li className="voxcord-Row">
      <button
        className="voxcord-Row-main"
        title={trans.__('%1: follows every stroke of the reads of this case', name)}
        aria-pressed={isOn}
        onClick={() => void view.live.show(layer, !isOn)}
      >
        <span className="voxcord-Row-mark" aria-hidden="true">
          {isOn ? '☑' : '☐'}
        </span>
        <span className="voxcord-Row-name">{name}</span>
      </button>
    </li>
  );
}

/** How large the consensus of each segment is, and how its readers stand to it. */
function Readout({ picture, view, trans }: LiveLayersProps & { readonly picture: LivePicture }): ReactNode {
  const { subject, figures } = picture;
  const readers = trans._n('%1 reader', '%1 readers', subject.readers.length);
  const rules =
    subject.rules === 'protocol' ? trans.__('rules of the protocol') : trans.__('majority vote for each segment');
  const marked = figures.filter(({ voxels, readers: each }) => voxels > 0 || each.some(hasValue));
  return (
    <div className="voxcord-Live" data-live-version={picture.version}>
      <p className="voxcord-Live-text">{`${readers} · ${rules}`}</p>
      {marked.length > 0 && (
        <table className="voxcord-Live-table">
          <thead>
            <tr>
              <th scope="col">{trans.__('Segment, reader')}</th>
              <th scope="col" title={trans.__('Share of the consensus that the reader marked')}>
                {trans.__('Sens.')}
              </th>
              <th scope="col" title={trans.__('Share of the rest that the reader left unmarked')}>
                {trans.__('Spec.')}
              </th>
            </tr>
          </thead>
          {marked.map(each => (
            <SegmentFigures key={each.number} figures={each} picture={picture} view={view} trans={trans} />
          ))}
        </table>
      )}
    </div>
  );
}

function SegmentFigures(
  props: LiveLayersProps & { readonly figures: LiveFigures; readonly picture: LivePicture }
): ReactNode {
  const { figures, picture, view, trans } = props;
  const { number, volumeMl, readers } = figures;
  const named = [...view.model.segments, ...picture.subject.segments].find(segment => segment.number === number);
  return (
    <tbody>
      <tr>
        <th scope="rowgroup">
          <span className="voxcord-Swatch" style={{ background: named?.colour ?? 'transparent' }} />
          {named?.name ?? trans.__('Segment %1', number)}
        </th>
        <td colSpan={2}>{trans.__('%1 ml', threeDigits(volumeMl))}</td>
      </tr>
      {readers.map(({ sensitivity, specificity }, index) => (
        <tr key={picture.subject.readers[index]?.read}>
          <th scope="row">{readerName(picture, index)}</th>
          <td>{share(sensitivity)}</td>
          <td>{share(specificity)}</td>
        </tr>
      ))}
    </tbody>
  );
}

/** Two reads of one person are told apart by their titles. */
function readerName({ subject }: LivePicture, index: number): string {
  const own = subject.readers[index];
  if (own === undefined) return '';
  const { username, displayName } = own.reader;
  const isAlone = subject.readers.filter(({ reader }) => reader.username === username).length === 1;
  return isAlone ? displayName : `${displayName}, ${own.title}`;
}

function hasValue({ sensitivity }: LiveFigures['readers'][number]): boolean {
  return sensitivity !== null;
}

function share(value: number | null): string {
  return value === null ? '–' : value.toFixed(3);
}
