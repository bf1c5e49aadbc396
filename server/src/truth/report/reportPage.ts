import { canonicalJson, type ReleaseManifest } from '@voxcord/schemas/files';
import { annotationProtocol, blinding, consensusMethods, raterLines } from '../metadata/texts.js';
import { caseSection } from './caseSection.js';
import type { CaseFigures } from './caseFigures.js';
import { html, instantText, page, table, type Html } from './html.js';

/** `report.html`: the release for people to read and print; it needs no other file. */
export function reportPage(manifest: ReleaseManifest, figures: ReadonlyMap<string, CaseFigures>): string {
  const { project, version } = manifest;
  const title = `${project.title} ${version}`;
  return page(
    title,
    html`<header>
        <h1>${title}</h1>
        <p class="quiet">
          Ground truth released on ${manifest.createdAt.slice(0, 10)} by ${manifest.software.name}
          ${manifest.software.version}. Who signed it: <a href="signatures.html">signatures.html</a>. Research use; not
          a medical device.
        </p>
        <p>${manifest.dataset.description}</p>
        ${manifest.notes === '' ? null : html`<p>${manifest.notes}</p>`}
      </header>
      <main>
        ${summary(manifest)}${criteria(manifest)}${protocols(manifest)}${changes(manifest)}
        ${manifest.cases.map(each => caseSection(each, manifest, figures.get(each.id)))}
        ${tables(manifest)}${people(manifest)}${verifying(manifest)}
      </main>`
  );
}

function summary(manifest: ReleaseManifest): Html {
  const reads = manifest.cases.reduce((sum, each) => sum + each.reads.length, 0);
  const decisions = manifest.cases.reduce((sum, each) => sum + each.decisions.length, 0);
  return html`<section>
    <h2>Summary</h2>
    ${table(
      ['What', 'How many'],
      [
        ['Cases', String(manifest.cases.length)],
        ['Reads', String(reads)],
        ['Decisions of adjudicators', String(decisions)],
        ['Segments', manifest.segments.map(({ number, name }) => `${number} ${name}`).join(', ')],
        ['Made from', manifest.parents.map(parent => parent.version).join(', ') || 'no earlier release']
      ]
    )}
    <p>${blinding(manifest)} ${consensusMethods(manifest)}</p>
  </section>`;
}

function criteria({ criteria: results, cases }: ReleaseManifest): Html | null {
  if (results.length === 0) return null;
  const titles = new Map(cases.map(({ id, title }) => [id, title]));
  const rows = results.map(({ expression, scope, holds, explanation }) => [
    html`<code>${expression}</code>`,
    titles.get(scope) ?? scope,
    holds === null
      ? 'not evaluated'
      : holds
        ? html`<span class="good">✓ holds</span>`
        : html`<span class="bad">✗ fails</span>`,
    explanation
  ]);
  return html`<section>
    <h2>Acceptance criteria</h2>
    ${table(['Criterion', 'For', 'Result', 'Figures'], rows)}
  </section>`;
}

function protocols(manifest: ReleaseManifest): Html {
  const rows = manifest.protocols.map(({ version, lockedAt, lockedBy, afterFirstRead, changes: changed }) => [
    version,
    instantText(lockedAt),
    lockedBy.name,
    afterFirstRead ? html`<span class="bad">after reads had begun</span>` : 'before the first read',
    changed.join('; ')
  ]);
  const last = manifest.protocols.at(-1);
  return html`<section>
    <h2>Protocol</h2>
    <p>${annotationProtocol(manifest)}</p>
    ${table(['Version', 'Locked', 'By', 'When', 'Changes'], rows)}
    <details>
      <summary>Full text of the protocol in force</summary>
      <code>${canonicalJson(last?.content ?? {})}</code>
    </details>
  </section>`;
}

function changes({ changes: report }: ReleaseManifest): Html | null {
  if (report === null) return null;
  const changed = report.cases.filter(({ changes: lines }) => lines.length > 0);
  const cases = changed.map(
    ({ title, changes: lines }) =>
      html`<h3>${title}</h3>
        <ul>
          ${lines.map(line => html`<li>${line}</li>`)}
        </ul>`
  );
  return html`<section>
    <h2>Changes since ${report.from}</h2>
    <p>${report.summary}</p>
    ${cases}
  </section>`;
}

function tables({ tables: all }: ReleaseManifest): Html[] {
  return all.map(({ title, columns, rows }) => {
    const headings = columns.map(({ name, unit }) => (unit === '' ? name : `${name} (${unit})`));
    const definitions = columns.filter(({ definition }) => definition !== null);
    const cells = rows.map(row =>
      row.map(value => (typeof value === 'number' ? value : value === null ? '–' : String(value)))
    );
    return html`<section>
      <h2>${title}</h2>
      ${table(headings, cells)}${
        definitions.length === 0
          ? null
          : html`<p class="quiet">
              Definitions: ${definitions.map(({ name, definition }) => `${name} = ${definition ?? ''}`).join('; ')}
            </p>`
      }
    </section>`;
  });
}

function people(manifest: ReleaseManifest): Html {
  return html`<section>
    <h2>Raters</h2>
    <ul>
      ${raterLines(manifest).map(line => html`<li>${line}</li>`)}
    </ul>
  </section>`;
}

function verifying({ serviceKey }: ReleaseManifest): Html {
  return html`<section>
    <h2>How to check this release</h2>
    <p class="note">
      Run <code>voxcord verify DIR</code> or <code>python -m voxcord.verify DIR</code> on the folder. Both work offline
      and name the first broken record.
    </p>
    <p class="note">
      The release was sealed by the service key <code>${serviceKey}</code>. Compare it with the one that the releasing
      site publishes elsewhere, on its web page or in the paper: a forger can copy this page, but not make a seal with
      that key. <code>--service-key</code>, with the published key behind it, lets the programs compare.
    </p>
  </section>`;
}
