import type { TranslationBundle } from '@jupyterlab/translation';
import type { CaseStrata } from '@voxcord/schemas/api';
import { type ReactNode, useId, useState } from 'react';
import { messageOf } from '../client/index.js';
import { Section } from '../panels/section.js';
import { IconButton } from '../ui/iconButton.js';
import { removeIcon } from '../ui/icons.js';
import { KeptField } from '../ui/keptField.js';
import { type StrataModel, valueIn } from './strataModel.js';

export interface StrataTabProps {
  readonly model: StrataModel;
  readonly trans: TranslationBundle;
  /** Does something that may fail, and shows what went wrong. */
  readonly run: (action: () => Promise<void>) => void;
}

/** Groups of cases, by which releases count and evaluations part their figures. */
export function StrataTab(props: StrataTabProps): ReactNode {
  const { model, trans } = props;
  const { cases, names } = model;
  if (model.error !== null) {
    return (
      <div className="voxcord-Empty voxcord-mod-page" role="alert">
        <p>{messageOf(model.error)}</p>
        <button className="voxcord-Button" onClick={() => void model.load()}>
          {trans.__('Try again')}
        </button>
      </div>
    );
  }
  if (cases === null) return <p className="voxcord-Spinner">{trans.__('Loading cases…')}</p>;
  return (
    <div className="voxcord-Study-page">
      <Section title={trans.__('Groups of cases')} aside={cases.length}>
        <p className="voxcord-Hint">
          {trans.__(
            'Does a model do worse in one phase, or with the scans of one centre? Say here what your cases differ in. Releases tell it, and evaluations give their figures for each group.'
          )}{' '}
          {trans.__('Only managers see it before a release: it may tell readers what is to be found.')}
        </p>
        {cases.length === 0 ? (
          <p className="voxcord-Hint">{trans.__('No case has been started yet. Start one on the Voxcord page.')}</p>
        ) : (
          <>
            {names.length > 0 && <StrataTable {...props} cases={cases} />}
            {names.length > 0 && (
              <p className="voxcord-Hint">
                {trans.__('Fields copied from a spreadsheet can be pasted: they fill the table to the right and down.')}
              </p>
            )}
            <AddColumn {...props} />
          </>
        )}
      </Section>
    </div>
  );
}

interface StrataTableProps extends StrataTabProps {
  readonly cases: readonly CaseStrata[];
}

function StrataTable({ model, cases, trans, run }: StrataTableProps): ReactNode {
  const { names } = model;
  const id = useId();
  return (
    <div className="voxcord-Strata">
      <table className="voxcord-Roster">
        <thead>
          <tr>
            <th scope="col">{trans.__('Case')}</th>
            {names.map(name => (
              <th key={name} scope="col">
                <ColumnHead model={model} name={name} trans={trans} run={run} />
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {cases.map(({ caseId, title, strata }) => (
            <tr key={caseId} data-strata-of={caseId}>
              <th scope="row" title={title}>
                {title}
              </th>
              {names.map((name, column) => (
                <td key={name}>
                  <KeptField
                    label={trans.__('%1 of %2', name, title)}
                    value={valueIn(strata, name) ?? ''}
                    isDisabled={false}
                    maxLength={128}
                    list={`${id}${column}`}
                    onKeep={value => run(() => model.set(caseId, name, value))}
                    onPaste={event => {
                      const text = event.clipboardData.getData('text/plain');
                      // One value goes into the field as it always does.
                      if (!/[\t\n\r]./.test(text)) return;
                      event.preventDefault();
                      run(() => model.paste(caseId, name, text));
                    }}
                  />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      {names.map((name, column) => (
        <datalist key={name} id={`${id}${column}`}>
          {model.valuesOf(name).map(value => (
            <option key={value} value={value} />
          ))}
        </datalist>
      ))}
    </div>
  );
}

interface ColumnHeadProps extends StrataTabProps {
  readonly name: string;
}

/** Asks a second time, in place, if there is something to lose. */
function ColumnHead({ model, name, trans, run }: ColumnHeadProps): ReactNode {
  const [isAsking, setAsking] = useState(false);
  const remove = (): void => {
    setAsking(false);
    run(() => model.removeColumn(name));
  };
  if (!isAsking) {
    return (
      <span className="voxcord-Strata-name">
        {name}
        <IconButton
          icon={removeIcon}
          label={trans.__('Take all cases out of “%1”', name)}
          onClick={() => (model.valuesOf(name).length === 0 ? remove() : setAsking(true))}
        />
      </span>
    );
  }
  return (
    <span className="voxcord-Strata-name">
      {trans.__('Remove “%1”?', name)}
      <button className="voxcord-Button voxcord-mod-small" onClick={remove}>
        {trans.__('Remove')}
      </button>
      <button className="voxcord-Button voxcord-mod-small" autoFocus onClick={() => setAsking(false)}>
        {trans.__('Keep')}
      </button>
    </span>
  );
}

function AddColumn({ model, trans }: StrataTabProps): ReactNode {
  const [typed, setTyped] = useState('');
  const name = typed.trim();
  return (
    <form
      className="voxcord-Actions"
      onSubmit={event => {
        event.preventDefault();
        if (name === '') return;
        model.addColumn(name);
        setTyped('');
      }}
    >
      <input
        className="voxcord-Field"
        value={typed}
        maxLength={64}
        pattern="\s*[^_\s].*"
        title={trans.__('Any name that does not begin with _')}
        placeholder={trans.__('Phase, centre, scanner, sex…')}
        aria-label={trans.__('What the cases differ in')}
        onChange={event => setTyped(event.target.value)}
      />
      <button className="voxcord-Button" disabled={name === ''}>
        {trans.__('Add a column')}
      </button>
    </form>
  );
}
