import type { Model } from '@voxcord/schemas/api';
import { modelUsername, type AutomaticModelFile } from '@voxcord/schemas/models';
import { type ReactNode, useState } from 'react';
import { CommandIDs } from '../commandIds.js';
import { dayText } from '../ui/dates.js';
import { IconButton } from '../ui/iconButton.js';
import { removeIcon } from '../ui/icons.js';
import { CardText } from './cardText.js';
import { durationText } from './jobTexts.js';
import { mayEvaluateIn } from './mayRunModels.js';
import type { ModelsPageProps } from './modelsPage.js';
import { codesText, fieldText, intensityText, nameAndVersion, needsText, shortHash, weightsOf } from './modelTexts.js';

interface ModelCardProps extends ModelsPageProps {
  readonly card: Model;
  /** Does something that may fail, and shows what went wrong. */
  readonly run: (action: () => Promise<void>) => void;
}

/** One model: what it is for, what it needs, what it labels, and what it did last. */
export function ModelCard(props: ModelCardProps): ReactNode {
  const { model, card, commands, onRun, trans } = props;
  const { file, sha256 } = card;
  const isChosen = model.plan.model?.sha256 === sha256;
  const titleId = `voxcord-model-${sha256.slice(0, 12)}`;
  return (
    <li
      className={`voxcord-ModelCard${isChosen ? ' voxcord-mod-chosen' : ''}`}
      data-model={nameAndVersion(file)}
      aria-labelledby={titleId}
    >
      <div className="voxcord-ModelCard-head">
        <div className="voxcord-ModelCard-title">
          <h3 id={titleId}>{file.title}</h3>
          <code title={trans.__('SHA-256 of the model: %1', sha256)}>
            {nameAndVersion(file)} · {shortHash(sha256)}
          </code>
        </div>
        {file.kind === 'automatic' && mayEvaluateIn(model.project) && commands.hasCommand(CommandIDs.evaluate) && (
          <button
            className="voxcord-Button"
            aria-label={trans.__('Evaluate %1', file.title)}
            title={trans.__('How good it is against the ground truth of a release')}
            onClick={() =>
              void commands.execute(CommandIDs.evaluate, {
                reader: modelUsername(file),
                ...(model.project === null ? {} : { project: model.project.id })
              })
            }
          >
            {trans.__('Evaluate…')}
          </button>
        )}
        {file.kind === 'automatic' && (
          <button
            className="voxcord-Button"
            aria-label={trans.__('Run %1', file.title)}
            aria-pressed={isChosen}
            onClick={() => {
              model.plan.model = card;
              onRun();
            }}
          >
            {trans.__('Run…')}
          </button>
        )}
        {card.mayRemove && <Remove {...props} />}
      </div>
      <p>{file.intendedUse}</p>
      <dl className="voxcord-ModelFacts">
        <Fact name={trans.__('Limitations')}>{file.limitations}</Fact>
        <Fact name={trans.__('Labels')}>
          {file.kind === 'automatic' ? (
            <Segments file={file} />
          ) : (
            trans.__('What is clicked on: it answers clicks in the picture')
          )}
        </Fact>
        <Fact name={trans.__('Needs')}>{needsText(file, trans)}</Fact>
        <Fact name={trans.__('Licence')}>
          {file.licence.name}
          {file.licence.attribution !== '' && <span className="voxcord-Row-detail"> · {file.licence.attribution}</span>}
        </Fact>
        {file.kind === 'automatic' && (
          <Fact name={trans.__('Last result')}>
            <LastResult {...props} />
          </Fact>
        )}
      </dl>
      <Details {...props} />
      {card.card !== '' && (
        <details className="voxcord-More-of">
          <summary>{trans.__('Model card')}</summary>
          <CardText text={card.card} rendermime={props.rendermime} />
        </details>
      )}
    </li>
  );
}

function Fact({ name, children }: { readonly name: string; readonly children: ReactNode }): ReactNode {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function Segments({ file }: { readonly file: AutomaticModelFile }): ReactNode {
  return (
    <span className="voxcord-ModelCard-segments">
      {file.output.segments.map(segment => (
        <span key={segment.channel} title={codesText(segment)}>
          <span className="voxcord-Swatch" style={{ backgroundColor: segment.colour }} />
          {segment.name}
        </span>
      ))}
    </span>
  );
}

/** Of this model, in the project on show. */
function LastResult({ model, card, commands, trans }: ModelCardProps): ReactNode {
  const last = model.jobs?.lastResult(card.sha256) ?? null;
  if (last === null) return <span className="voxcord-Row-detail">{trans.__('none in this project')}</span>;
  const title = model.caseTitle(last.caseId) ?? trans.__('a case that is gone');
  return (
    <>
      {title}
      <span className="voxcord-Row-detail">
        {' · '}
        {dayText(last.endedAt ?? last.createdAt)}
        {last.provenance !== null && ` · ${durationText(last.provenance.seconds, trans)}`}
      </span>{' '}
      {last.read !== null && (
        <button
          className="voxcord-Button voxcord-mod-small"
          aria-label={trans.__('Open the last result of %1', card.file.title)}
          onClick={() => void commands.execute(CommandIDs.openCase, { case: last.caseId, read: last.read })}
        >
          {trans.__('Open read')}
        </button>
      )}
    </>
  );
}

/** For those who want to know exactly. */
function Details({ card, trans }: ModelCardProps): ReactNode {
  const { file } = card;
  return (
    <details className="voxcord-More-of">
      <summary>{trans.__('In detail')}</summary>
      <dl className="voxcord-ModelFacts">
        <Fact name={trans.__('Model')}>
          <code>{card.sha256}</code>
        </Fact>
        {weightsOf(card).map(weights => (
          <Fact key={weights.file} name={weights.file}>
            <code>{weights.sha256}</code>
          </Fact>
        ))}
        {file.kind === 'automatic' && (
          <>
            <Fact name={trans.__('Image')}>
              {trans.__(
                'axes %1, %2, %3',
                file.input.orientation,
                file.input.interpolation === 'linear' ? trans.__('linear') : trans.__('cubic B-spline'),
                intensityText(file.input.intensity, trans)
              )}
            </Fact>
            <Fact name={trans.__('Field')}>{fieldText(file, trans)}</Fact>
            {file.output.segments.map(segment => (
              <Fact key={segment.channel} name={segment.name}>
                {segment.kind === 'lesion' ? trans.__('lesions') : trans.__('one structure')}
                {segment.codes.length > 0 && ` · ${codesText(segment)}`}
              </Fact>
            ))}
          </>
        )}
        <Fact name={trans.__('Since')}>
          {card.uploadedBy === null
            ? dayText(card.foundAt)
            : trans.__('%1, uploaded by %2', dayText(card.foundAt), card.uploadedBy.displayName)}
        </Fact>
      </dl>
    </details>
  );
}

/** Asks once more, on the spot. */
function Remove({ model, card, run, trans }: ModelCardProps): ReactNode {
  const [isAsking, setAsking] = useState(false);
  if (!isAsking) {
    return (
      <IconButton icon={removeIcon} label={trans.__('Remove %1', card.file.title)} onClick={() => setAsking(true)} />
    );
  }
  return (
    <span className="voxcord-Form-line" role="group" aria-label={trans.__('Remove %1?', card.file.title)}>
      <span className="voxcord-Row-detail">{trans.__('What it has labelled stays.')}</span>
      <button
        className="voxcord-Button"
        autoFocus
        onClick={() => {
          setAsking(false);
          run(() => model.shelf.remove(card));
        }}
      >
        {trans.__('Remove')}
      </button>
      <button className="voxcord-Button" onClick={() => setAsking(false)}>
        {trans.__('Keep')}
      </button>
    </span>
  );
}
