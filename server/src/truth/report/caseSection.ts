import { canonicalJson, type ConsensusRecord, type ReleasedCase, type ReleaseManifest } from '@voxcord/schemas/files';
import type { CaseFigures } from './caseFigures.js';
import { performanceChart, volumeChart } from './charts.js';
import { html, instantText, shareText, shortNumber, table, type Html } from './html.js';
import { readerColour } from './readerColours.js';

/** One case of the report: pictures, volumes, consensus and decisions. */
export function caseSection(each: ReleasedCase, manifest: ReleaseManifest, figures: CaseFigures | undefined): Html {
  const names = new Map(manifest.segments.map(({ number, name }) => [number, name]));
  const nameOf = (segment: number): string => names.get(segment) ?? `Segment ${segment}`;
  return html`<section>
    <h2>${each.title}</h2>
    <p class="quiet">
      ${each.image.modality} ${each.geometry.grid.dims.join(' × ')} voxels; image SHA-256
      <code>${each.image.volume}</code>
    </p>
    ${figures === undefined ? null : shownFigures(each, figures, nameOf)}
    ${each.consensus === null ? null : consensusPart(each.consensus, each, nameOf)}${decisionsPart(each)}
  </section>`;
}

function shownFigures(each: ReleasedCase, { pictures, volumes }: CaseFigures, nameOf: (n: number) => string): Html {
  const shown = pictures.map(
    ({ caption, png }) =>
      html`<figure>
        <img alt="${caption}" src="data:image/png;base64,${Buffer.from(png).toString('base64')}" />
        <figcaption>${caption}</figcaption>
      </figure>`
  );
  const keys = each.reads.map(
    ({ manifest }, index) =>
      html`<span
        ><span class="key" style="background:${readerColour(index)}"></span>${manifest.reader.name}
        (${manifest.model === undefined ? '' : 'a model, '}revision ${manifest.number})</span
      > `
  );
  const rows = volumes.map(({ segment, truth, reads }) => [nameOf(segment), truth, ...reads]);
  const headings = ['Segment', 'Truth (ml)', ...each.reads.map(({ manifest }) => `${manifest.reader.name} (ml)`)];
  return html`<div class="pictures">${shown}</div>
    <p class="keys">${keys}</p>
    ${volumes.length === 0 ? html`<p>Nothing is labelled.</p>` : html`${volumeChart(volumes, nameOf)}${table(headings, rows)}`}`;
}

function consensusPart(consensus: ConsensusRecord, each: ReleasedCase, nameOf: (n: number) => string): Html {
  const order = new Map(each.reads.map(({ manifest }, index) => [manifest.reader.username, { index, manifest }]));
  const segments = consensus.segments.map(({ segment, readers, iterations, voxels, undecidedVoxels }) => {
    const shown = readers.map(({ reader, sensitivity, specificity }) => ({
      name: order.get(reader)?.manifest.reader.name ?? reader,
      reader: order.get(reader)?.index ?? 0,
      sensitivity,
      specificity
    }));
    const rows = shown.map(({ name, sensitivity, specificity }) => [name, figure(sensitivity), figure(specificity)]);
    const undecided = undecidedVoxels === 0 ? '' : `, ${undecidedVoxels} undecided`;
    const rounds = iterations === null ? '' : `, ${iterations} iterations`;
    return html`<h3>${nameOf(segment)}: ${shortNumber(voxels)} voxels${undecided}${rounds}</h3>
      ${
        shown.length === 0
          ? null
          : html`${performanceChart(shown)}${table(['Reader', 'Sensitivity', 'Specificity'], rows)}`
      }`;
  });
  return html`<h3>Consensus</h3>
    <p>
      Method <code>${consensus.method}</code> (${consensus.engine.name} ${consensus.engine.version}), ties:
      ${consensus.ties}.
    </p>
    <details>
      <summary>Parameters and region of interest</summary>
      <p><code>${canonicalJson(consensus.parameters)}</code></p>
      <p><code>${canonicalJson(consensus.roi)}</code></p>
    </details>
    ${consensus.warnings.map(warning => html`<p class="note">${warning}</p>`)}${segments}`;
}

function decisionsPart({ decisions }: ReleasedCase): Html | null {
  if (decisions.length === 0) return null;
  const rows = decisions.map(({ question, decision, reason, adjudicator, time }) => [
    question,
    decision,
    reason,
    adjudicator.name,
    instantText(time)
  ]);
  return html`<h3>Adjudication</h3>
    ${table(['Question', 'Decision', 'Reason', 'By', 'Time'], rows)}`;
}

function figure(value: number | null): string {
  return value === null ? '–' : shareText(value);
}
