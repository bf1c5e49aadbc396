import type { IRenderMimeRegistry } from '@jupyterlab/rendermime';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { CommandRegistry } from '@lumino/commands';
import { type ReactNode, useState } from 'react';
import { messageOf } from '../client/index.js';
import { Section } from '../panels/section.js';
import { LoadFailed } from '../ui/loadFailed.js';
import { AddModel } from './addModel.js';
import { JobList } from './jobList.js';
import { ModelCard } from './modelCard.js';
import type { ModelsPageModel } from './modelsPageModel.js';
import { RunForm } from './runForm.js';

export interface ModelsPageProps {
  readonly model: ModelsPageModel;
  readonly commands: CommandRegistry;
  readonly rendermime: IRenderMimeRegistry | null;
  /** Somebody chose a model to run. */
  readonly onRun: () => void;
  readonly trans: TranslationBundle;
}

/** Left, which models there are; right, what they are asked to do and what became of it. */
export function ModelsPage(props: ModelsPageProps): ReactNode {
  const { model, trans } = props;
  const { shelf } = model;
  const [problem, setProblem] = useState<string | null>(null);
  /** Does something that may fail, and shows what went wrong. */
  const run = (action: () => Promise<void>): void => {
    setProblem(null);
    action().catch((reason: unknown) => setProblem(messageOf(reason)));
  };
  return (
    <>
      <header className="voxcord-Models-header">
        <h1>{trans.__('Models')}</h1>
        <span className="voxcord-Row-detail">{trans.__('Research use. Not a medical device.')}</span>
        <span className="voxcord-Study-spacer" />
        <ProjectChoice {...props} />
      </header>
      {problem !== null && (
        <div className="voxcord-Notice voxcord-mod-alert" role="alert">
          <span className="voxcord-Notice-text">{problem}</span>
          <button className="voxcord-Button" onClick={() => setProblem(null)}>
            {trans.__('Close')}
          </button>
        </div>
      )}
      <div className="voxcord-Models-body">
        <div className="voxcord-Models-shelf">
          <Section
            title={trans.__('Models')}
            aside={shelf.models === null ? null : trans._n('%1 model', '%1 models', shelf.models.length)}
          >
            {shelf.error !== null && <LoadFailed error={shelf.error} onRetry={() => void shelf.load()} trans={trans} />}
            {shelf.models === null && shelf.error === null && (
              <p className="voxcord-Spinner">{trans.__('Looking for models…')}</p>
            )}
            {shelf.models?.length === 0 && (
              <div className="voxcord-Empty">
                <p>{trans.__('There is no model here yet.')}</p>
                <p>
                  {trans.__(
                    'A model is a folder with a file model.json that describes it and its network as model.onnx. Put it into the folder “models” of the data folder of the service, and it appears here; or add it as a ZIP archive below.'
                  )}
                </p>
              </div>
            )}
            <ul className="voxcord-Models-cards">
              {shelf.models?.map(one => (
                <ModelCard key={one.sha256} {...props} card={one} run={run} />
              ))}
            </ul>
            {shelf.checking.length > 0 && (
              <p className="voxcord-Hint" role="status" data-checking={shelf.checking.length}>
                {trans.__('Looking at %1…', shelf.checking.join(', '))}
              </p>
            )}
            {shelf.mayAdd && <AddModel shelf={shelf} trans={trans} />}
          </Section>
          <Refused {...props} />
        </div>
        <div className="voxcord-Models-work">
          <RunForm {...props} />
          <JobList {...props} run={run} />
        </div>
      </div>
    </>
  );
}

/** Models are run on cases of one project. */
function ProjectChoice({ model, trans }: ModelsPageProps): ReactNode {
  const { projects, project } = model;
  if (projects === null || projects.length === 0) return null;
  return (
    <label className="voxcord-Models-project">
      <span className="voxcord-Label">{trans.__('Project')}</span>
      <select
        className="voxcord-Select"
        value={project?.id ?? ''}
        onChange={event => void model.chooseProject(event.target.value)}
      >
        {projects.map(({ id, title }) => (
          <option key={id} value={id}>
            {title}
          </option>
        ))}
      </select>
    </label>
  );
}

/** Folders that look like models and cannot be run: each with what is wrong. */
function Refused({ model: { shelf }, trans }: ModelsPageProps): ReactNode {
  if (shelf.refused.length === 0) return null;
  return (
    <Section title={trans.__('Cannot be run')} aside={trans._n('%1 folder', '%1 folders', shelf.refused.length)}>
      <ul className="voxcord-Rows">
        {shelf.refused.map(({ folder, problem }) => (
          <li key={folder} className="voxcord-Models-refused" data-refused={folder} data-code={problem.code}>
            <code>{folder}</code>
            <p>{problem.detail}</p>
          </li>
        ))}
      </ul>
      <p className="voxcord-Hint">{trans.__('Change the folder as it says; it is looked at again by itself.')}</p>
    </Section>
  );
}
