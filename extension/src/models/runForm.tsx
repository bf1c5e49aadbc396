import type { TranslationBundle } from '@jupyterlab/translation';
import type { Case, JobPriority } from '@voxcord/schemas/api';
import { type ReactNode, useState } from 'react';
import { messageOf } from '../client/index.js';
import { Section } from '../panels/section.js';
import { mayRunIn } from './mayRunModels.js';
import { nameAndVersion } from './modelTexts.js';
import type { ModelsPageModel } from './modelsPageModel.js';

interface RunFormProps {
  readonly model: ModelsPageModel;
  readonly trans: TranslationBundle;
}

/** Which model, on which cases, when. */
export function RunForm({ model, trans }: RunFormProps): ReactNode {
  const { plan, jobs, project, shelf } = model;
  const [problem, setProblem] = useState<string | null>(null);
  const [news, setNews] = useState<string | null>(null);
  const models = shelf.models?.filter(({ file }) => file.kind === 'automatic') ?? [];
  if (models.length === 0) return null;
  if (project !== null && (!mayRunIn(project) || jobs?.isHidden === true)) {
    return (
      <Section title={trans.__('Run a model')} aside={project.title}>
        <p className="voxcord-Hint">
          {trans.__(
            'In this project, managers and adjudicators have models run. What they have labelled stands among the reads of a case.'
          )}
        </p>
      </Section>
    );
  }
  const start = async (): Promise<void> => {
    if (jobs === null || !plan.mayStart) return;
    setProblem(null);
    setNews(null);
    try {
      const started = await plan.start(jobs);
      const known = started.filter(({ state }) => state === 'done').length;
      if (known > 0) {
        setNews(
          trans._n(
            'It has labelled %1 of these cases before: the same model on the same image gives the same result.',
            'It has labelled %1 of these cases before: the same model on the same images gives the same results.',
            known
          )
        );
      }
    } catch (reason) {
      setProblem(messageOf(reason));
    }
  };
  const { runnable } = plan;
  return (
    <Section title={trans.__('Run a model')} aside={project?.title}>
      <form
        className="voxcord-RunForm"
        onSubmit={event => {
          event.preventDefault();
          void start();
        }}
      >
        <label className="voxcord-RunForm-model">
          <span className="voxcord-Label">{trans.__('Model')}</span>
          <select
            className="voxcord-Select"
            value={plan.model?.sha256 ?? ''}
            onChange={event => {
              plan.model = models.find(({ sha256 }) => sha256 === event.target.value) ?? null;
            }}
          >
            {plan.model === null && <option value="">{trans.__('Choose a model')}</option>}
            {models.map(({ sha256, file }) => (
              <option key={sha256} value={sha256}>
                {file.title} · {nameAndVersion(file)}
              </option>
            ))}
          </select>
        </label>
        <Cases model={model} trans={trans} />
        {plan.cases.length > 1 && <Priority model={model} trans={trans} />}
        <span className="voxcord-RunForm-foot">
          <button className="voxcord-Button voxcord-mod-primary" disabled={!plan.mayStart}>
            {runnable.length > 1 ? trans.__('Run on %1 cases', runnable.length) : trans.__('Run')}
          </button>
          <span className="voxcord-Row-detail">
            {trans.__('The result is a read by the model, beside those of people.')}
          </span>
        </span>
        {news !== null && (
          <p className="voxcord-Row-detail" role="status">
            {news}
          </p>
        )}
        {problem !== null && (
          <p className="voxcord-Problem" role="alert">
            {problem}
          </p>
        )}
      </form>
    </Section>
  );
}

function Cases({ model, trans }: RunFormProps): ReactNode {
  const { plan, project } = model;
  if (plan.cases.length === 0) {
    return (
      <p className="voxcord-Row-detail">
        {project === null
          ? trans.__('There is no project yet. The first case that you start makes one.')
          : trans.__('No case has been started in this project yet.')}
      </p>
    );
  }
  return (
    <fieldset className="voxcord-RunForm-cases">
      <legend>
        <span className="voxcord-Label">{trans.__('Cases')}</span>
        {plan.cases.length > 1 && (
          <>
            <button type="button" className="voxcord-Button voxcord-mod-small" onClick={() => plan.chooseAll(true)}>
              {trans.__('All')}
            </button>
            <button type="button" className="voxcord-Button voxcord-mod-small" onClick={() => plan.chooseAll(false)}>
              {trans.__('None')}
            </button>
          </>
        )}
      </legend>
      <ul className="voxcord-Rows">
        {plan.cases.map(one => (
          <CaseChoice key={one.id} on={one} model={model} trans={trans} />
        ))}
      </ul>
    </fieldset>
  );
}

function CaseChoice({ on, model, trans }: RunFormProps & { readonly on: Case }): ReactNode {
  const { plan, jobs } = model;
  const obstacle = plan.obstacle(on);
  const sha256 = plan.model?.sha256;
  const latest = jobs?.ofCase(on.id).find(job => job.model.sha256 === sha256);
  const note =
    obstacle ??
    (latest?.state === 'done'
      ? trans.__('has been run')
      : latest?.state === 'running' || latest?.state === 'waiting'
        ? trans.__('under way')
        : null);
  return (
    <li data-run-case={on.id}>
      <label className="voxcord-RunForm-case">
        <input
          type="checkbox"
          className="voxcord-Check"
          checked={plan.isChosen(on.id) && obstacle === null}
          disabled={obstacle !== null}
          onChange={event => plan.choose(on.id, event.target.checked)}
        />
        <span>{on.title}</span>
        {note !== null && (
          <span
            className={obstacle === null ? 'voxcord-Row-detail' : 'voxcord-Warning'}
            data-obstacle={obstacle !== null}
          >
            {note}
          </span>
        )}
      </label>
    </li>
  );
}

function Priority({ model, trans }: RunFormProps): ReactNode {
  const { plan } = model;
  const choices: readonly [JobPriority, string, string][] = [
    ['now', trans.__('Now'), trans.__('Before what you have put off')],
    ['later', trans.__('Later'), trans.__('After everything else of yours, overnight if it takes that long')]
  ];
  return (
    <span className="voxcord-Form-line" role="radiogroup" aria-label={trans.__('When')}>
      <span className="voxcord-Label">{trans.__('When')}</span>
      {choices.map(([priority, label, title]) => (
        <label key={priority} title={title} className="voxcord-RunForm-when">
          <input
            type="radio"
            name="voxcord-run-priority"
            className="voxcord-Check"
            checked={plan.priority === priority}
            onChange={() => {
              plan.priority = priority;
            }}
          />
          {label}
        </label>
      ))}
    </span>
  );
}
