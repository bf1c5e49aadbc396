import type { TranslationBundle } from '@jupyterlab/translation';
import type { EvaluableReader, Evaluation, MissingRule } from '@voxcord/schemas/api';
import type { ReactNode } from 'react';
import { messageOf } from '../client/index.js';
import { instantText } from '../ui/dates.js';
import { LoadFailed } from '../ui/loadFailed.js';
import { downloadsOf, type Download } from './downloads.js';
import type { EvaluationModel } from './evaluationModel.js';
import type { LesionPartProps } from './lesionPart.js';
import { ResultPart } from './resultPart.js';

export interface EvaluationPageProps {
  readonly model: EvaluationModel;
  readonly onOpen: LesionPartProps['onOpen'];
  readonly onOpenRelease: (releaseId: string) => void;
  readonly onDownload: (download: Download) => void;
  readonly trans: TranslationBundle;
}

/** A reader against the ground truth of a release: choosing both, and what came out. */
export function EvaluationPage(props: EvaluationPageProps): ReactNode {
  const { model, trans } = props;
  const { project, shown, error } = model;
  if (project === null) {
    return error === null ? (
      <p className="voxcord-Spinner">{trans.__('Looking for releases and readers…')}</p>
    ) : (
      <LoadFailed error={error} onRetry={() => void model.load()} trans={trans} />
    );
  }
  return (
    <article className="voxcord-Page" data-evaluation={shown?.progress.state ?? 'none'}>
      <header>
        <p className="voxcord-Page-kind">{trans.__('Evaluation against ground truth')}</p>
        <h1>{project.title}</h1>
        {model.releases.length === 0 ? (
          !model.isLoading && (
            <p>
              {trans.__(
                'This project has no release yet. Readers and models are evaluated against ground truth that is signed and released.'
              )}
            </p>
          )
        ) : (
          <Choice {...props} />
        )}
        {error !== null && (
          <p className="voxcord-Problem" role="alert">
            {messageOf(error)}
          </p>
        )}
        {shown !== null && <Standing {...props} shown={shown} />}
      </header>
      {shown !== null && shown.result !== null && (
        <ResultPart key={shown.id} result={shown.result} onOpen={props.onOpen} trans={trans} />
      )}
      <footer>
        <p>{trans.__('Research use. Not a medical device.')}</p>
      </footer>
    </article>
  );
}

function Choice({ model, onOpenRelease, trans }: EvaluationPageProps): ReactNode {
  const { releases, readers, release, reader, missing, absent, isRunning } = model;
  const rules: readonly [MissingRule, string][] = [
    ['leave-out', trans.__('leave out')],
    ['count-as-empty', trans.__('count as empty')]
  ];
  return (
    <>
      <div className="voxcord-Evaluation-choice">
        <label>
          <span>{trans.__('Release')}</span>
          <select
            className="voxcord-Select"
            value={release ?? ''}
            onChange={event => void model.chooseRelease(event.target.value)}
          >
            {releases.map(({ id, version, cases }) => (
              <option key={id} value={id}>
                {trans._n('%2 · %1 case', '%2 · %1 cases', cases.length, version)}
              </option>
            ))}
          </select>
        </label>
        <label>
          <span>{trans.__('Reader')}</span>
          <select
            className="voxcord-Select"
            disabled={readers.length === 0}
            value={reader ?? ''}
            onChange={event => void model.chooseReader(event.target.value)}
          >
            {readers.map(each => (
              <option key={each.reader.username} value={each.reader.username}>
                {readerText(each, trans)}
              </option>
            ))}
          </select>
        </label>
        <label>
          <span>{trans.__('Cases without a read')}</span>
          <select
            className="voxcord-Select"
            value={missing}
            onChange={event => {
              const rule = rules.find(([value]) => value === event.target.value);
              if (rule !== undefined) void model.chooseMissing(rule[0]);
            }}
          >
            {rules.map(([value, text]) => (
              <option key={value} value={value}>
                {text}
              </option>
            ))}
          </select>
        </label>
      </div>
      {readers.length === 0 && (
        <p>
          {trans.__(
            'Nobody has submitted a read of this release that you may see. Run a model on its cases, or ask its readers to submit.'
          )}
        </p>
      )}
      {absent !== null && readers.length > 0 && (
        <p className="voxcord-Warning">
          {trans.__('%1 has no read of a case of this release: run it on these cases first.', absent)}
        </p>
      )}
      <div className="voxcord-Page-actions">
        {model.mayEvaluate && (
          <button
            className="voxcord-Button voxcord-mod-primary"
            data-act="evaluate"
            disabled={reader === null || isRunning}
            onClick={() => void model.evaluate()}
          >
            {trans.__('Evaluate')}
          </button>
        )}
        {release !== null && (
          <button className="voxcord-Button" onClick={() => onOpenRelease(release)}>
            {trans.__('Open the release')}
          </button>
        )}
      </div>
    </>
  );
}

function readerText({ reader, kind, cases }: EvaluableReader, trans: TranslationBundle): string {
  const what = kind === 'model' ? trans.__('model') : trans.__('reader');
  return trans._n('%2 · %3 · %1 case', '%2 · %3 · %1 cases', cases, reader.displayName, what);
}

interface StandingProps extends EvaluationPageProps {
  readonly shown: Evaluation;
}

function Standing({ model, shown, onDownload, trans }: StandingProps): ReactNode {
  const { progress } = shown;
  switch (progress.state) {
    case 'running':
      return (
        <div role="status">
          <p>{progress.step}</p>
          <progress
            className="voxcord-Progress"
            max={1}
            value={progress.done}
            aria-label={trans.__('Evaluating %1', shown.reader.displayName)}
          />
          {model.mayEvaluate && (
            <button className="voxcord-Button" data-act="cancel" onClick={() => void model.cancel()}>
              {trans.__('Cancel')}
            </button>
          )}
        </div>
      );
    case 'cancelled':
      return <p role="status">{trans.__('Cancelled. Evaluate again to begin anew.')}</p>;
    case 'failed':
      return (
        <p className="voxcord-Problem" role="alert">
          {progress.detail}
        </p>
      );
    case 'done':
      return (
        <>
          <p role="status">
            {trans.__(
              '%1 against release %2, evaluated %3 by %4',
              shown.reader.displayName,
              shown.release.version,
              instantText(shown.createdAt),
              shown.createdBy.displayName
            )}
          </p>
          {shown.outdated && (
            <p className="voxcord-Warning" data-outdated>
              {trans.__('%1 has submitted something newer since. Evaluate again.', shown.reader.displayName)}
            </p>
          )}
          <div className="voxcord-Page-actions">
            <span>{trans.__('Download')}</span>
            {downloadsOf(shown).map(download => (
              <button
                key={download.name}
                className="voxcord-Button"
                data-download={download.name}
                onClick={() => onDownload(download)}
              >
                {labelOf(download)}
              </button>
            ))}
          </div>
        </>
      );
  }
}

/** `figures.csv` of `model-liver-1.0.0-1.0.0-figures.csv`. */
function labelOf({ name }: Download): string {
  return name.slice(name.lastIndexOf('-') + 1);
}
