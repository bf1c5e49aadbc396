import type { TranslationBundle } from '@jupyterlab/translation';
import { type CaseStrata, StratumName, isMeasuredStratum } from '@voxcord/schemas/api';
import { Value } from 'typebox/value';
import { type ReactNode, useId, useRef, useState } from 'react';
import { Section } from '../panels/section.js';
import { IconButton } from '../ui/iconButton.js';
import { removeIcon } from '../ui/icons.js';
import { KeptField } from '../ui/keptField.js';
import { LoadFailed } from '../ui/loadFailed.js';
import { type Pasted, isTable, pastedInto } from './pastedStrata.js';
import { type StrataModel, valueIn } from './strataModel.js';

export interface StrataTabProps {
  readonly model: StrataModel;
  readonly trans: TranslationBundle;
  /** Does something that may fail, and shows what went wrong; answers whether it was done. */
  readonly run: (action: () => Promise<void>) => Promise<boolean>;
}

/** Groups of cases, by which releases count and evaluations part their figures. */
export function StrataTab(props: StrataTabProps): ReactNode {
  const { model, trans } = props;
  const { cases, names } = model;
  if (model.error !== null) {
    return <LoadFailed error={model.error} onRetry={() => void model.load()} trans={trans} isPage />;
  }
  if (cases === null) return <p className="voxcord-Spinner">{trans.__('Loading cases…')}</p>;
  return (
    <div className="voxcord-Study-page">
      <Section title={trans.__('Groups of cases')} aside={cases.length}>
        <p className="voxcord-Hint">
          {trans.__(
            'Does a model do worse in one phase, or with the scans of one centre? Say here what your cases differ in. Releases tell it, and evaluations give their figures for each group.'
          )}{' '}
          {trans.__('Readers do not see it before a release: it may tell what is to be found.')}
        </p>
        {cases.length === 0 ? (
          <p className="voxcord-Hint">{trans.__('No case has been started yet. Start one on the Voxcord page.')}</p>
        ) : (
          <>
            {names.length > 0 && <StrataTable {...props} cases={cases} />}
            <AddColumn {...props} />
            {names.length > 0 && (
              <p className="voxcord-Hint">
                {trans.__('Fields copied from a spreadsheet can be pasted: they fill the table to the right and down.')}
              </p>
            )}
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
  const paste = (caseId: string, name: string, text: string): void => {
    const pasted = pastedInto(cases, names, { caseId, name }, text);
    void run(() =>
      pasted.kind === 'changes' ? model.change(pasted.changes) : Promise.reject(new Error(problemText(pasted, trans)))
    );
  };
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
                      if (!isTable(text)) return false;
                      event.preventDefault();
                      paste(caseId, name, text);
                      return true;
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

function problemText(pasted: Exclude<Pasted, { readonly kind: 'changes' }>, trans: TranslationBundle): string {
  if (pasted.kind === 'beside') {
    return trans.__(
      'Nothing was pasted: %1 rows and %2 columns do not fit into the table from this field on.',
      pasted.rows,
      pasted.columns
    );
  }
  const start = pasted.value.length > 40 ? `${pasted.value.slice(0, 40)}…` : pasted.value;
  return trans.__('Nothing was pasted: “%1” of %2 is not one line of at most 128 characters.', start, pasted.title);
}

interface ColumnHeadProps extends StrataTabProps {
  readonly name: string;
}

/** Asks a second time, in place, if there is something to lose. */
function ColumnHead({ model, name, trans, run }: ColumnHeadProps): ReactNode {
  const [isAsking, setAsking] = useState(false);
  const place = useRef<HTMLSpanElement>(null);
  const keep = (): void => {
    setAsking(false);
    requestAnimationFrame(() => place.current?.querySelector('button')?.focus());
  };
  const remove = async (): Promise<void> => {
    const table = place.current?.closest('table');
    if (!(await run(() => model.removeColumn(name)))) return;
    requestAnimationFrame(() => table?.querySelector<HTMLElement>('thead button')?.focus());
  };
  return (
    <span className="voxcord-Strata-name" ref={place}>
      {isAsking ? (
        <>
          {trans.__('Remove “%1”?', name)}
          <button className="voxcord-Button voxcord-mod-small" onClick={() => void remove()}>
            {trans.__('Remove')}
          </button>
          <button className="voxcord-Button voxcord-mod-small" autoFocus onClick={keep}>
            {trans.__('Keep')}
          </button>
        </>
      ) : (
        <>
          {name}
          <IconButton
            icon={removeIcon}
            label={trans.__('Take all cases out of “%1”', name)}
            onClick={() => (model.valuesOf(name).length === 0 ? void remove() : setAsking(true))}
          />
        </>
      )}
    </span>
  );
}

function AddColumn({ model, trans }: StrataTabProps): ReactNode {
  const [typed, setTyped] = useState('');
  const name = typed.trim().normalize('NFC');
  const problem = name === '' ? null : nameProblem(name, model.names, trans);
  return (
    <form
      onSubmit={event => {
        event.preventDefault();
        if (name === '' || problem !== null) return;
        model.addColumn(name);
        setTyped('');
      }}
    >
      <div className="voxcord-Actions">
        <input
          className="voxcord-Field"
          value={typed}
          maxLength={64}
          placeholder={trans.__('Phase, centre, scanner, sex…')}
          aria-label={trans.__('What the cases differ in')}
          aria-invalid={problem !== null}
          onChange={event => setTyped(event.target.value)}
        />
        <button className="voxcord-Button" disabled={name === '' || problem !== null}>
          {trans.__('Add a column')}
        </button>
      </div>
      {problem !== null && <p className="voxcord-Problem voxcord-Hint">{problem}</p>}
    </form>
  );
}

/** Null: there can be a column of this name. */
function nameProblem(name: string, names: readonly string[], trans: TranslationBundle): string | null {
  if (isMeasuredStratum(name)) return trans.__('“%1” is measured and cannot be set. Choose another name.', name);
  const like = names.find(other => other.toLowerCase() === name.toLowerCase());
  if (like !== undefined) return trans.__('There is a column “%1” already.', like);
  return Value.Check(StratumName, name) ? null : trans.__('Choose a name of one line that does not begin with _.');
}
