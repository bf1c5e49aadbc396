import { type ReactNode } from 'react';
import { Section } from '../panels/section.js';
import { SignatureLine } from '../signing/index.js';
import { dayText } from '../ui/dates.js';
import { changeTexts } from './changeTexts.js';
import { headline, protocolSummary } from './protocolSummary.js';
import type { SectionProps } from './sectionProps.js';

/** The protocol in plain language, what is still missing, and its versions. */
export function SummaryPane({ model, content, trans }: SectionProps): ReactNode {
  const { issues, shown } = model;
  return (
    <aside className="voxcord-Summary" aria-label={trans.__('Summary')}>
      <Section title={trans.__('In plain language')}>
        <p className="voxcord-Summary-headline">{headline(content, trans)}</p>
        <dl className="voxcord-Summary-parts">
          {protocolSummary(content, trans).map(({ title, sentences }) => (
            <div key={title}>
              <dt>{title}</dt>
              <dd>{sentences.join(' ')}</dd>
            </div>
          ))}
        </dl>
      </Section>

      {shown?.state === 'draft' && issues.length > 0 && (
        <Section title={trans.__('To do before the lock')} aside={issues.length}>
          <ul className="voxcord-Rows">
            {issues.map(({ path, severity, text }) => (
              <li key={`${path} ${text}`} className="voxcord-Row">
                <button
                  className="voxcord-Row-main voxcord-mod-wrap"
                  onClick={event => goTo(event.currentTarget, path)}
                >
                  <span className={`voxcord-Pill voxcord-mod-${severity}`}>
                    {severity === 'error' ? trans.__('must') : trans.__('should')}
                  </span>
                  <span className="voxcord-Row-name">{text}</span>
                </button>
              </li>
            ))}
          </ul>
        </Section>
      )}

      {shown !== null && shown.changes.length > 0 && (
        <Section
          title={trans.__('Changed since version %1', shown.version - 1)}
          aside={<span data-change-count="">{shown.changes.length}</span>}
        >
          <ul className="voxcord-Changes">
            {changeTexts(shown, trans).map(({ path, where, before, after }) => (
              <li key={path} data-change={path}>
                <span className="voxcord-Row-detail">{where}</span> {before !== null && <del>{before}</del>}{' '}
                {after !== null && <ins>{after}</ins>}
              </li>
            ))}
          </ul>
        </Section>
      )}

      <Section title={trans.__('Versions')}>
        <ul className="voxcord-Rows">
          {model.versions.map(({ version, state, lock, createdBy, createdAt }) => (
            <li key={version} className={`voxcord-Row${version === shown?.version ? ' voxcord-mod-current' : ''}`}>
              <button
                className="voxcord-Row-main voxcord-mod-wrap"
                aria-pressed={version === shown?.version}
                data-version={version}
                onClick={() => model.show(version)}
              >
                <span className="voxcord-Row-name">
                  {state === 'draft' ? trans.__('Version %1, draft', version) : trans.__('Version %1', version)}
                  {state === 'superseded' && <span className="voxcord-Row-detail"> · {trans.__('replaced')}</span>}
                  <br />
                  {lock === null ? (
                    <span className="voxcord-Row-detail">
                      {trans.__('begun by %1 on %2', createdBy.displayName, dayText(createdAt))}
                    </span>
                  ) : (
                    <SignatureLine signature={lock} trans={trans} />
                  )}
                </span>
              </button>
            </li>
          ))}
        </ul>
      </Section>
    </aside>
  );
}

/** Brings the field at `path`, or the part of the form that it belongs to, into view. */
function goTo(from: HTMLElement, path: string): void {
  const document = from.closest('.voxcord-Study');
  for (let rest = path; rest !== ''; rest = rest.slice(0, rest.lastIndexOf('/'))) {
    const place = document?.querySelector(`[data-path="${rest}"], [data-section~="${rest}"]`);
    if (place === null || place === undefined) continue;
    place.scrollIntoView({ block: 'center' });
    place.querySelector<HTMLElement>('input, select, textarea')?.focus({ preventScroll: true });
    return;
  }
}
