import type { TranslationBundle } from '@jupyterlab/translation';
import type { Consensus, ConsensusResult, RegionRule, SegmentConsensus, ShapeMethod } from '@voxcord/schemas/api';
import type { ReactNode } from 'react';
import { Section } from '../panels/section.js';
import type { ReviewModel } from './reviewModel.js';
import { methodName, regionName, rulesText, signed } from './reviewTexts.js';
import { METHOD_CHOICES, REGION_CHOICES, keyOfRegion, regionOf, withMethod, withRegion } from './whatIf.js';

interface HeadProps {
  readonly review: ReviewModel;
  readonly draft: Consensus;
  readonly result: ConsensusResult;
  readonly trans: TranslationBundle;
}

/** Which draft, by which rules, of which segment; and what other rules would give. */
export function ConsensusHead(props: HeadProps): ReactNode {
  const { review, draft, result, trans } = props;
  const segment = result.segments.find(({ number }) => number === review.segment) ?? null;
  const newer = newerThan(draft, review.drafts.newest);
  return (
    <Section title={trans.__('Consensus')} aside={<Drafts {...props} />}>
      {newer !== null && (
        <Notice
          text={trans.__(
            '%1 has computed the consensus again since: draft %2.',
            newer.createdBy.displayName,
            newer.number
          )}
          action={trans.__('Show draft %1', newer.number)}
          onAction={() => void review.drafts.open(newer.id)}
        />
      )}
      {draft.outdated && newer === null && (
        <Notice
          text={trans.__('A read was opened again or submitted since. This draft does not know of it.')}
          action={trans.__('Compute again')}
          onAction={() => void review.drafts.compute()}
        />
      )}
      {draft.deviates && (
        <Notice
          text={trans.__(
            'What if: these rules are not those of the protocol. It is for comparison and is never released.'
          )}
          action={trans.__('Back')}
          onAction={() => void review.drafts.open(review.drafts.newest?.id ?? null)}
        />
      )}
      <div className="voxcord-Fields voxcord-mod-two">
        <Rules {...props} />
        {result.segments.length > 1 && (
          <>
            <label className="voxcord-Label" htmlFor="voxcord-review-segment">
              {trans.__('Segment')}
            </label>
            <select
              id="voxcord-review-segment"
              className="voxcord-Select"
              value={review.segment ?? ''}
              onChange={event => {
                review.segment = Number(event.target.value);
              }}
            >
              {result.segments.map(({ number }) => (
                <option key={number} value={number}>
                  {review.segmentOf(number)?.name ?? trans.__('Segment %1', number)}
                </option>
              ))}
            </select>
          </>
        )}
      </div>
      {segment !== null && <RegionBox segment={segment} trans={trans} />}
    </Section>
  );
}

/** The newest draft by the protocol, if it is newer than a draft by the protocol. */
function newerThan(draft: Consensus, newest: Consensus | null): Consensus | null {
  return newest !== null && !draft.deviates && newest.number > draft.number ? newest : null;
}

function Drafts({ review, draft, trans }: HeadProps): ReactNode {
  const { all } = review.drafts;
  const name = ({ number, deviates }: Consensus): string =>
    deviates ? trans.__('draft %1, what if', number) : trans.__('draft %1', number);
  if (all.length < 2) return <span data-draft={draft.number}>{name(draft)}</span>;
  return (
    <select
      className="voxcord-Select voxcord-mod-quiet"
      data-draft={draft.number}
      aria-label={trans.__('Draft')}
      title={trans.__('Drafts of the consensus, newest first')}
      value={draft.id}
      onChange={event => void review.drafts.open(event.target.value)}
    >
      {all.map(other => (
        <option key={other.id} value={other.id} title={rulesText(other.rules, trans)}>
          {name(other)}
        </option>
      ))}
    </select>
  );
}

/** Choosing another method or region computes what it would give. */
function Rules({ review, draft, result, trans }: HeadProps): ReactNode {
  const { rules } = draft;
  // Of a lesion the shape is agreed on one by one, by a method of its own.
  const lesions =
    review.study?.protocol?.content.segments.find(({ number }) => number === review.segment)?.kind === 'lesion';
  const method = lesions ? rules.lesions.shape : rules.structures;
  const region = regionOf(method);
  const regions = withPresent(REGION_CHOICES, region);
  const hint = trans.__('Choose another to see what it would give; the draft by the protocol stays');
  return (
    <>
      <label className="voxcord-Label" htmlFor="voxcord-review-method">
        {trans.__('Method')}
      </label>
      <select
        id="voxcord-review-method"
        className="voxcord-Select"
        title={hint}
        value={method.id}
        onChange={event => void review.drafts.compute(withMethod(rules, event.target.value as ShapeMethod['id']))}
      >
        {METHOD_CHOICES.map(id => (
          <option key={id} value={id}>
            {methodName(id, trans, lesions)}
          </option>
        ))}
      </select>
      {region !== null && (
        <>
          <label className="voxcord-Label" htmlFor="voxcord-review-region">
            {trans.__('Region')}
          </label>
          <select
            id="voxcord-review-region"
            className="voxcord-Select"
            title={hint}
            value={keyOfRegion(region)}
            onChange={event => {
              const chosen = regions.find(choice => keyOfRegion(choice) === event.target.value);
              if (chosen !== undefined) void review.drafts.compute(withRegion(rules, chosen));
            }}
          >
            {regions.map(choice => (
              <option key={keyOfRegion(choice)} value={keyOfRegion(choice)}>
                {regionName(choice, trans)}
              </option>
            ))}
          </select>
        </>
      )}
      <span className="voxcord-Label">{trans.__('Reads')}</span>
      <span>
        {trans._n('%1 reader', '%1 readers', result.readers.length)}
        {lesions && <span className="voxcord-Row-detail"> · {trans.__('per lesion')}</span>}
      </span>
    </>
  );
}

function withPresent(choices: readonly RegionRule[], present: RegionRule | null): readonly RegionRule[] {
  if (present === null || choices.some(choice => keyOfRegion(choice) === keyOfRegion(present))) return choices;
  return [present, ...choices];
}

/** Says on the spot that the answer would be another one, with numbers. */
function RegionBox({
  segment,
  trans
}: {
  readonly segment: SegmentConsensus;
  readonly trans: TranslationBundle;
}): ReactNode {
  const { region, voxels } = segment;
  if (!region.depends) return null;
  return (
    <div className="voxcord-Callout" role="note">
      <strong>{trans.__('This answer depends on the region.')}</strong>
      <ul>
        {region.answers
          .filter(answer => answer.voxels !== voxels)
          .map(answer => (
            <li key={answer.region}>
              {trans.__(
                '%1 would give %2 voxels (%3).',
                answer.region,
                answer.voxels.toLocaleString(),
                voxels === 0 ? '–' : trans.__('%1 %', signed((100 * (answer.voxels - voxels)) / voxels))
              )}
            </li>
          ))}
      </ul>
    </div>
  );
}

interface NoticeProps {
  readonly text: string;
  readonly action: string;
  readonly onAction: () => void;
}

function Notice({ text, action, onAction }: NoticeProps): ReactNode {
  return (
    <div className="voxcord-Callout" role="status">
      <p>{text}</p>
      <button className="voxcord-Button" onClick={onAction}>
        {action}
      </button>
    </div>
  );
}
