import { type ReactNode, useId } from 'react';
import { meaningTexts } from './meanings.js';
import type { SigningRequest } from './signingDialog.js';
import type { SigningModel } from './signingModel.js';

export interface SigningFormProps<T> {
  readonly model: SigningModel<T>;
  readonly request: SigningRequest<T>;
}

/** What is signed, what the signature says, who signs, and the passphrase. */
export function SigningForm<T>({ model, request }: SigningFormProps<T>): ReactNode {
  const { trans, person, subject, remark } = request;
  const id = useId();
  const { filled } = model;
  const texts = meaningTexts(trans);
  const sentence = texts.find(({ meaning }) => meaning === filled.meaning)?.sentence ?? '';
  const { isFirst } = model;
  return (
    <>
      <div className="voxcord-Signing-subject">{subject}</div>
      <div className="voxcord-Form-grid">
        <span className="voxcord-Label">{trans.__('Signed by')}</span>
        <span data-signer={person.username}>
          {person.displayName} <span className="voxcord-Row-detail">({person.username})</span>
        </span>

        <label className="voxcord-Label" htmlFor={`${id}-meaning`}>
          {trans.__('Meaning')}
        </label>
        <span className="voxcord-Form-line">
          <select
            id={`${id}-meaning`}
            className="voxcord-Select"
            value={filled.meaning}
            onChange={event => {
              const chosen = texts.find(({ meaning }) => meaning === event.target.value);
              if (chosen !== undefined) model.fill({ meaning: chosen.meaning });
            }}
          >
            {texts.map(({ meaning, word }) => (
              <option key={meaning} value={meaning}>
                {word}
              </option>
            ))}
          </select>
          <span className="voxcord-Row-detail">{sentence}</span>
        </span>

        {remark !== undefined && (
          <>
            <label className="voxcord-Label" htmlFor={`${id}-remark`}>
              {remark}
            </label>
            <textarea
              id={`${id}-remark`}
              className="voxcord-Field voxcord-mod-text"
              rows={2}
              maxLength={2000}
              value={filled.remark}
              onChange={event => model.fill({ remark: event.target.value })}
            />
          </>
        )}

        {isFirst && (
          <p className="voxcord-Hint voxcord-mod-across">
            {trans.__(
              'You sign for the first time: choose a passphrase. It unlocks your signing key, so that nobody else can sign in your name, not even at your computer. Nobody can read it back or reset it: keep it safe.'
            )}
          </p>
        )}
        <label className="voxcord-Label" htmlFor={`${id}-passphrase`}>
          {isFirst ? trans.__('New passphrase') : trans.__('Passphrase')}
        </label>
        <PassphraseField
          id={`${id}-passphrase`}
          isNew={isFirst}
          value={filled.passphrase}
          onValue={passphrase => model.fill({ passphrase })}
        />
        {isFirst && (
          <>
            <label className="voxcord-Label" htmlFor={`${id}-repeated`}>
              {trans.__('Once more')}
            </label>
            <PassphraseField
              id={`${id}-repeated`}
              isNew
              value={filled.repeated}
              onValue={repeated => model.fill({ repeated })}
            />
          </>
        )}
      </div>
      <p className="voxcord-Problem voxcord-Signing-problem" role="alert">
        {model.problem}
      </p>
      {model.isBusy && <p className="voxcord-Spinner">{trans.__('Signing…')}</p>}
    </>
  );
}

interface PassphraseFieldProps {
  readonly id: string;
  readonly isNew: boolean;
  readonly value: string;
  readonly onValue: (value: string) => void;
}

function PassphraseField({ id, isNew, value, onValue }: PassphraseFieldProps): ReactNode {
  return (
    <input
      id={id}
      className="voxcord-Field"
      type="password"
      maxLength={256}
      autoComplete={isNew ? 'new-password' : 'current-password'}
      value={value}
      onChange={event => onValue(event.target.value)}
    />
  );
}
