import type { TranslationBundle } from '@jupyterlab/translation';
import type { EvaluationResult, SegmentSummary } from '@voxcord/schemas/api';
import { type ReactNode, useState } from 'react';
import { surfaceTexts } from '../protocol/methodTexts.js';
import { MeasureTable, Reasons } from './estimateTable.js';
import { figureText, intervalText, isPrimary } from './evaluationTexts.js';
import { LesionPart, type LesionPartProps } from './lesionPart.js';

interface ResultPartProps {
  readonly result: EvaluationResult;
  readonly onOpen: LesionPartProps['onOpen'];
  readonly trans: TranslationBundle;
}

/** Figures of an evaluation, one segment at a time; groups of cases, and the cases. */
export function ResultPart({ result, onOpen, trans }: ResultPartProps): ReactNode {
  const [chosen, setChosen] = useState<number | null>(null);
  const shown = result.segments.find(({ number }) => number === chosen) ?? result.segments[0];
  const nameOf = (number: number): string =>
    result.names.find(each => each.number === number)?.name ?? trans.__('Segment %1', number);
  if (shown === undefined) return <p>{trans.__('The protocol of the release has no segment.')}</p>;
  return (
    <>
      {result.warnings.map(({ code, text }) => (
        <p key={`${code} ${text}`} className="voxcord-Warning" data-warning={code}>
          {text}
        </p>
      ))}
      {result.segments.length > 1 && (
        <select
          className="voxcord-Select"
          aria-label={trans.__('Segment')}
          value={shown.number}
          onChange={event => setChosen(Number(event.target.value))}
        >
          {result.segments.map(({ number }) => (
            <option key={number} value={number}>
              {nameOf(number)}
            </option>
          ))}
        </select>
      )}
      <SegmentPart segment={shown} name={nameOf(shown.number)} result={result} onOpen={onOpen} trans={trans} />
      <StrataPart result={result} segment={shown.number} trans={trans} />
      <CasesPart result={result} segment={shown.number} onOpen={onOpen} trans={trans} />
    </>
  );
}

interface SegmentPartProps extends ResultPartProps {
  readonly segment: SegmentSummary;
  readonly name: string;
}

function SegmentPart({ segment, name, result, onOpen, trans }: SegmentPartProps): ReactNode {
  const { number, measures, lesions } = segment;
  const { surface, tau } = result.conditions;
  const primary = measures.filter(({ measure }) => isPrimary(measure.definition, surface));
  const others = measures.filter(({ measure }) => !isPrimary(measure.definition, surface));
  return (
    <section data-segment={number}>
      <h2>{name}</h2>
      <MeasureTable measures={primary} trans={trans} />
      <Reasons estimates={primary.map(({ mean }) => mean)} />
      <p className="voxcord-Row-detail">
        {trans.__(
          'Surfaces: %1; tolerance %2 mm. n: patients that have a value.',
          surfaceTexts(trans).find(({ value }) => value === surface)?.label ?? surface,
          tau
        )}
      </p>
      {others.length > 0 && (
        <details>
          <summary>{trans.__('By other definitions of surface distance')}</summary>
          <MeasureTable measures={others} byDefinition trans={trans} />
        </details>
      )}
      {lesions !== null && (
        <LesionPart name={name} segment={number} lesions={lesions} cases={result.cases} onOpen={onOpen} trans={trans} />
      )}
    </section>
  );
}

interface OfSegmentProps {
  readonly result: EvaluationResult;
  readonly segment: number;
  readonly trans: TranslationBundle;
}

function StrataPart({ result, segment, trans }: OfSegmentProps): ReactNode {
  if (result.strata.length === 0) return null;
  return (
    <section>
      <h2>{trans.__('By group of cases')}</h2>
      <div className="voxcord-Evaluation-wide">
        <table data-table="strata">
          <thead>
            <tr>
              <th scope="col">{trans.__('Group')}</th>
              <th scope="col">{trans.__('Cases')}</th>
              <th scope="col">{trans.__('Dice')}</th>
              <th scope="col">{trans.__('95 % interval')}</th>
              <th scope="col">{trans.__('Lesions found')}</th>
              <th scope="col">{trans.__('False positives per case')}</th>
            </tr>
          </thead>
          <tbody>
            {result.strata.map(({ name, value, cases, segments }) => {
              const found = segments.find(({ number }) => number === segment);
              const dice = found?.measures.find(({ measure }) => measure.definition === 'dice')?.mean;
              const detection = found?.lesions?.detection;
              return (
                <tr key={`${name} ${value}`}>
                  <th scope="row">{trans.__('%1: %2', name, value)}</th>
                  <td>{cases}</td>
                  <td>{figureText(dice?.value ?? null)}</td>
                  <td>{dice === undefined ? '–' : intervalText(dice)}</td>
                  <td>{detection === undefined ? '–' : trans.__('%1 of %2', detection.found, detection.lesions)}</td>
                  <td>{figureText(detection?.falsePositivesPerCase.value ?? null, 'count')}</td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </div>
    </section>
  );
}

function CasesPart({ result, segment, onOpen, trans }: OfSegmentProps & Pick<ResultPartProps, 'onOpen'>): ReactNode {
  const { surface } = result.conditions;
  const standings = {
    measured: '',
    'counted-as-empty': trans.__('no read: counts as empty'),
    'left-out': trans.__('left out')
  } as const;
  return (
    <section>
      <h2>{trans.__('Cases')}</h2>
      <div className="voxcord-Evaluation-wide">
        <table data-table="cases">
          <thead>
            <tr>
              <th scope="col">{trans.__('Case')}</th>
              <th scope="col">{trans.__('Truth, ml')}</th>
              <th scope="col">{trans.__('Reader, ml')}</th>
              <th scope="col">{trans.__('Dice')}</th>
              <th scope="col">{trans.__('HD95, mm')}</th>
              <th scope="col">{trans.__('Lesions found')}</th>
            </tr>
          </thead>
          <tbody>
            {result.cases.map(({ caseId, title, standing, segments, lesions }) => {
              const found = segments.find(({ number }) => number === segment);
              const own = lesions.filter(each => each.segment === segment);
              const truth = own.filter(({ outcome }) => outcome !== 'false-positive');
              return (
                <tr key={caseId} data-standing={standing}>
                  <th scope="row">
                    <button className="voxcord-Link" onClick={() => onOpen(caseId, own[0]?.centre ?? null)}>
                      {title}
                    </button>
                    {standing !== 'measured' && <div className="voxcord-Row-detail">{standings[standing]}</div>}
                  </th>
                  <td>{figureText(found?.truthMl ?? null, 'ml')}</td>
                  <td>{figureText(found?.predictionMl ?? null, 'ml')}</td>
                  <td>{figureText(found?.values['dice'] ?? null)}</td>
                  <td>{figureText(found?.values[`hd95.${surface}`] ?? null, 'mm')}</td>
                  <td>
                    {found === undefined || found.lesions === null
                      ? '–'
                      : trans.__('%1 of %2', truth.filter(({ outcome }) => outcome === 'found').length, truth.length)}
                  </td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </div>
    </section>
  );
}
