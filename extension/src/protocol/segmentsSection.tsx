import type { Code, ProtocolSegment } from '@voxcord/schemas/api';
import { type ReactNode, useId } from 'react';
import { type Choice, ChoiceField, FormIssue, TextField } from '../ui/form.js';
import { IconButton } from '../ui/iconButton.js';
import { downIcon, plusIcon, removeIcon, upIcon } from '../ui/icons.js';
import { CodeList } from './codeList.js';
import { FormSection } from './formSection.js';
import { KNOWN_STRUCTURES, knownByName } from './knownStructures.js';
import { type SectionProps, fieldAt } from './sectionProps.js';

/** Told apart on grey images, by people with any colour vision (Okabe and Ito, without black). */
const COLOURS = ['#e69f00', '#56b4e9', '#009e73', '#f0e442', '#0072b2', '#d55e00', '#cc79a7'] as const;

/** What is labelled: the segments, with what belongs to them. */
export function SegmentsSection(props: SectionProps): ReactNode {
  const { model, content, isReadOnly, trans } = props;
  const { segments } = content;
  const names = useId();
  const edit = (change: (segments: readonly ProtocolSegment[]) => ProtocolSegment[]): void => {
    model.edit(now => ({ ...now, segments: change(now.segments) }));
  };
  const add = (): void => edit(now => [...now, newSegment(now, trans.__('New segment'))]);
  return (
    <FormSection
      title={trans.__('What is labelled')}
      intro={trans.__(
        'Every read begins with these segments. Their numbers are what stands in the label map; instructions are shown to readers while they paint.'
      )}
      paths={['/segments']}
      model={model}
      trans={trans}
      aside={!isReadOnly && <IconButton icon={plusIcon} label={trans.__('Add a segment')} onClick={add} />}
    >
      <datalist id={names}>
        {KNOWN_STRUCTURES.map(({ name }) => (
          <option key={name} value={name} />
        ))}
      </datalist>
      {segments.length === 0 && (
        <div className="voxcord-Empty">
          <p>{trans.__('A segment is one structure: an organ, or a kind of lesion. Readers paint nothing else.')}</p>
          {!isReadOnly && (
            <button className="voxcord-Button" onClick={add}>
              {trans.__('Add the first segment')}
            </button>
          )}
        </div>
      )}
      <FormIssue issue={segments.length === 0 ? null : model.issueAt('/segments')} />
      <ol className="voxcord-SegmentForms">
        {segments.map((segment, index) => (
          <SegmentForm
            // Its place is what tells a segment: names and numbers are being edited.
            key={index}
            {...props}
            segment={segment}
            index={index}
            names={names}
            onChange={change => edit(now => now.map((other, at) => (at === index ? { ...other, ...change } : other)))}
            onMove={step => edit(now => moved(now, index, index + step))}
            onRemove={() => edit(now => now.filter((_, at) => at !== index))}
          />
        ))}
      </ol>
    </FormSection>
  );
}

interface SegmentFormProps extends SectionProps {
  readonly segment: ProtocolSegment;
  readonly index: number;
  /** Id of the list of names that are proposed. */
  readonly names: string;
  readonly onChange: (change: Partial<ProtocolSegment>) => void;
  readonly onMove: (step: number) => void;
  readonly onRemove: () => void;
}

function SegmentForm(props: SegmentFormProps): ReactNode {
  const { segment, index, names, content, model, isReadOnly, onChange, onMove, onRemove, trans } = props;
  const path = `/segments/${index}`;
  const { name } = segment;
  const kinds: readonly Choice<ProtocolSegment['kind']>[] = [
    { value: 'structure', label: trans.__('Structure: one object per case') },
    { value: 'lesion', label: trans.__('Lesion: any number of separate objects') }
  ];
  const rename = (given: string): void => {
    const known = segment.codes.length === 0 ? knownByName(given) : null;
    onChange(known === null ? { name: given } : { name: given, kind: known.kind, codes: [known.code] });
  };
  return (
    <li className="voxcord-SegmentForm" data-path={path} aria-label={name}>
      <div className="voxcord-Form-line">
        <input
          type="number"
          className="voxcord-Field voxcord-mod-number"
          min={1}
          max={255}
          value={segment.number}
          disabled={isReadOnly}
          aria-label={trans.__('Number of %1', name)}
          title={trans.__('Number in the label map')}
          onChange={event => {
            const number = event.target.valueAsNumber;
            if (Number.isInteger(number) && number >= 1 && number <= 255) onChange({ number });
          }}
        />
        <input
          type="color"
          className="voxcord-Colour"
          value={segment.colour}
          disabled={isReadOnly}
          aria-label={trans.__('Colour of %1', name)}
          title={trans.__('Colour')}
          onChange={event => onChange({ colour: event.target.value })}
        />
        <input
          className="voxcord-Field"
          value={name}
          maxLength={64}
          list={names}
          disabled={isReadOnly}
          aria-label={trans.__('Name of segment %1', segment.number)}
          onFocus={event => event.target.select()}
          onChange={event => rename(event.target.value)}
        />
        {!isReadOnly && (
          <span className="voxcord-Choice">
            <IconButton
              icon={upIcon}
              label={trans.__('Move %1 up', name)}
              isDisabled={index === 0}
              onClick={() => onMove(-1)}
            />
            <IconButton
              icon={downIcon}
              label={trans.__('Move %1 down', name)}
              isDisabled={index === content.segments.length - 1}
              onClick={() => onMove(1)}
            />
            <IconButton icon={removeIcon} label={trans.__('Remove %1', name)} onClick={onRemove} />
          </span>
        )}
      </div>
      <FormIssue issue={model.issueAt(`${path}/number`)} />
      <FormIssue issue={model.issueAt(`${path}/name`)} />
      <div className="voxcord-Form-grid">
        <ChoiceField
          {...fieldAt(props, `${path}/kind`)}
          label={trans.__('Kind')}
          value={segment.kind}
          choices={kinds}
          onValue={kind => onChange({ kind })}
        />
        <CodeList
          {...fieldAt(props, `${path}/codes`)}
          codes={segment.codes}
          onCodes={(codes: Code[]) => onChange({ codes })}
          trans={trans}
        />
        <TextField
          {...fieldAt(props, `${path}/instructions`)}
          label={trans.__('Instructions')}
          rows={2}
          maxLength={4000}
          placeholder={trans.__('What to include, what to leave out')}
          value={segment.instructions}
          onValue={instructions => onChange({ instructions })}
        />
      </div>
    </li>
  );
}

/** The lowest free number, and a colour that is not used yet. */
function newSegment(segments: readonly ProtocolSegment[], name: string): ProtocolSegment {
  const numbers = new Set(segments.map(({ number }) => number));
  let number = 1;
  while (numbers.has(number) && number < 255) number++;
  const used = new Set(segments.map(({ colour }) => colour));
  const names = new Set(segments.map(segment => segment.name));
  let free = name;
  for (let n = 2; names.has(free); n++) free = `${name} ${n}`;
  return {
    number,
    name: free,
    colour: COLOURS.find(colour => !used.has(colour)) ?? COLOURS[number % COLOURS.length] ?? COLOURS[0],
    codes: [],
    kind: 'structure',
    instructions: ''
  };
}

function moved<T>(items: readonly T[], from: number, to: number): T[] {
  const others = items.filter((_, at) => at !== from);
  return [...others.slice(0, to), ...items.slice(from, from + 1), ...others.slice(to)];
}
