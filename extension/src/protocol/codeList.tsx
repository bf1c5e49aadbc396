import type { TranslationBundle } from '@jupyterlab/translation';
import type { Code } from '@voxcord/schemas/api';
import { type ReactNode, useState } from 'react';
import { FormRow } from '../ui/form.js';
import { KNOWN_STRUCTURES, type KnownStructure } from './knownStructures.js';
import type { FieldProps } from './sectionProps.js';

export interface CodeListProps extends FieldProps {
  readonly codes: readonly Code[];
  readonly onCodes: (codes: Code[]) => void;
  readonly trans: TranslationBundle;
}

/** As many as a segment takes. */
const MAX_CODES = 8;
const OTHER = 'other';

/** Codes of a segment: chosen from a short list, or typed in. */
export function CodeList({ codes, onCodes, trans, ...field }: CodeListProps): ReactNode {
  const [isTyping, setTyping] = useState(false);
  const groups: readonly (readonly [KnownStructure['group'], string])[] = [
    ['abdomen', trans.__('Abdomen')],
    ['chest', trans.__('Chest')],
    ['head', trans.__('Head and spine')],
    ['lesion', trans.__('Lesions')]
  ];
  const add = (code: Code): void => {
    if (!codes.some(other => other.scheme === code.scheme && other.value === code.value)) onCodes([...codes, code]);
  };
  return (
    <FormRow
      {...field}
      label={trans.__('Codes')}
      control={({ disabled, ...attributes }) => (
        <span className="voxcord-Form-line">
          {codes.map(code => (
            <span key={`${code.scheme} ${code.value}`} className="voxcord-Code" title={code.meaning}>
              {code.meaning}{' '}
              <span className="voxcord-Row-detail">
                {code.scheme} {code.value}
              </span>
              {!disabled && (
                <button
                  className="voxcord-More"
                  aria-label={trans.__('Remove the code %1', code.meaning)}
                  onClick={() => onCodes(codes.filter(other => other !== code))}
                >
                  ×
                </button>
              )}
            </span>
          ))}
          {!disabled && codes.length < MAX_CODES && (
            <select
              {...attributes}
              className="voxcord-Select"
              value=""
              onChange={event => {
                const { value } = event.target;
                const known = KNOWN_STRUCTURES.find(({ code }) => code.value === value);
                if (known !== undefined) add(known.code);
                setTyping(value === OTHER);
              }}
            >
              <option value="">{trans.__('Add a code…')}</option>
              {groups.map(([group, label]) => (
                <optgroup key={group} label={label}>
                  {KNOWN_STRUCTURES.filter(structure => structure.group === group).map(({ code }) => (
                    <option key={code.value} value={code.value}>
                      {code.meaning}
                    </option>
                  ))}
                </optgroup>
              ))}
              <option value={OTHER}>{trans.__('Another code…')}</option>
            </select>
          )}
          {isTyping && (
            <TypedCode
              onCode={code => {
                add(code);
                setTyping(false);
              }}
              onCancel={() => setTyping(false)}
              trans={trans}
            />
          )}
        </span>
      )}
    />
  );
}

interface TypedCodeProps {
  readonly onCode: (code: Code) => void;
  readonly onCancel: () => void;
  readonly trans: TranslationBundle;
}

function TypedCode({ onCode, onCancel, trans }: TypedCodeProps): ReactNode {
  const [scheme, setScheme] = useState('SCT');
  const [value, setValue] = useState('');
  const [meaning, setMeaning] = useState('');
  const isComplete = [scheme, value, meaning].every(text => text.trim() !== '');
  return (
    <span
      className="voxcord-Form-line"
      onKeyDown={event => {
        if (event.key === 'Escape') onCancel();
      }}
    >
      <input
        className="voxcord-Field voxcord-mod-number"
        value={scheme}
        maxLength={16}
        aria-label={trans.__('Coding scheme')}
        title={trans.__('Coding scheme: SCT for SNOMED CT, RADLEX for RadLex')}
        onChange={event => setScheme(event.target.value)}
      />
      <input
        className="voxcord-Field voxcord-mod-code"
        value={value}
        maxLength={64}
        autoFocus
        placeholder={trans.__('Code')}
        aria-label={trans.__('Code')}
        onChange={event => setValue(event.target.value)}
      />
      <input
        className="voxcord-Field"
        value={meaning}
        maxLength={200}
        placeholder={trans.__('Meaning')}
        aria-label={trans.__('Meaning')}
        onChange={event => setMeaning(event.target.value)}
      />
      <button
        className="voxcord-Button"
        disabled={!isComplete}
        onClick={() => onCode({ scheme: scheme.trim(), value: value.trim(), meaning: meaning.trim() })}
      >
        {trans.__('Add')}
      </button>
    </span>
  );
}
