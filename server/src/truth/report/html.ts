/** Text that is HTML already. */
export class Html {
  constructor(readonly text: string) {}
}

type Part = Html | string | number | null | readonly Part[];

/** HTML from a template; texts that are put into it are escaped. */
export function html(strings: TemplateStringsArray, ...parts: readonly Part[]): Html {
  return new Html(
    strings.map((text, index) => text + (index < parts.length ? render(parts[index] ?? null) : '')).join('')
  );
}

function render(part: Part): string {
  if (part === null) return '';
  if (part instanceof Html) return part.text;
  if (typeof part === 'string' || typeof part === 'number') return escape(String(part));
  return part.map(render).join('');
}

function escape(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
}

/** A table with a heading per column. Figures are aligned at the right, all of a column with as many digits. */
export function table(headings: readonly string[], rows: readonly (readonly (string | number | Html)[])[]): Html {
  const columns = headings.map((_, column) => rows.map(row => row[column]));
  const isFigures = columns.map(values => values.some(value => typeof value === 'number'));
  const isCounted = columns.map(values => values.every(value => typeof value !== 'number' || Number.isInteger(value)));
  const cell = (value: string | number | Html, column: number): Html => {
    if (typeof value !== 'number') return html`<td>${value}</td>`;
    return html`<td class="figure">${isCounted[column] === true ? shortNumber(value) : fourDigits(value)}</td>`;
  };
  return html`<div class="wide">
    <table>
      <thead>
        <tr>
          ${headings.map((text, column) =>
            isFigures[column] === true
              ? html`<th scope="col" class="figure">${text}</th>`
              : html`<th scope="col">${text}</th>`
          )}
        </tr>
      </thead>
      <tbody>
        ${rows.map(
          row =>
            html`<tr>
              ${row.map(cell)}
            </tr> `
        )}
      </tbody>
    </table>
  </div>`;
}

/** Four digits that matter, the same on every machine; a whole number keeps all of its own. */
export function shortNumber(value: number): string {
  return grouped(String(Number.isInteger(value) ? value : Number(value.toPrecision(4))));
}

/** As `shortNumber`, but noughts at the end stay: 0.9400 beside 0.9262. */
function fourDigits(value: number): string {
  const whole = Math.trunc(Math.abs(value));
  return grouped(value.toFixed(whole === 0 ? 4 : Math.max(0, 4 - String(whole).length)));
}

/** `.9990` of sensitivity or specificity; what is not without a flaw is never rounded up to that. */
export function shareText(value: number): string {
  return (value < 1 ? Math.min(value, 0.9999) : value).toFixed(4);
}

/** Thousands set apart and a true minus. */
function grouped(text: string): string {
  return text.replace('-', '−').replace(/^(−?\d+)/, digits => digits.replace(/\B(?=(\d{3})+$)/g, ','));
}

/** `2026-11-23 12:31:44 UTC` from a time as it is recorded. */
export function instantText(time: string): string {
  return time.replace(/^(\d{4}-\d\d-\d\d)T(\d\d:\d\d:\d\d)(?:\.\d+)?Z$/, '$1 $2 UTC');
}

const STYLE = `
:root { color-scheme: light dark; --ink: #1f2328; --quiet: #59636e; --line: #d1d9e0; --ground: #ffffff; --soft: #f6f8fa;
  --good: #1a7f37; --bad: #cf222e; --link: #0969da; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6edf3; --quiet: #9198a1; --line: #3d444d; --ground: #0d1117;
  --soft: #151b23; --good: #3fb950; --bad: #f85149; --link: #4493f8; } }
@media print { :root { color-scheme: light; --ink: #000; --quiet: #444; --line: #bbb; --ground: #fff; --soft: #fff;
  --good: #1a7f37; --bad: #cf222e; --link: #000; } figure, tr, .note { break-inside: avoid; } h2, h3 { break-after:
  avoid; } body { max-width: none; padding: 0; font-size: 11pt; } .wide { overflow: visible; } details:not([open]) {
  display: none; } @page { margin: 18mm; } }
body { font: 15px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--ground); max-width: 60rem;
  margin: 0 auto; padding: 1.5rem; overflow-wrap: anywhere; }
h1 { font-size: 1.7rem; margin: 0 0 .25rem; } h2 { font-size: 1.25rem; margin: 2rem 0 .5rem; }
h3 { font-size: 1.05rem; margin: 1.5rem 0 .5rem; } .quiet { color: var(--quiet); } .wide { overflow-x: auto; }
table { border-collapse: collapse; margin: .5rem 0; } th, td { text-align: left; padding: .25rem .75rem .25rem 0;
  border-bottom: 1px solid var(--line); vertical-align: top; overflow-wrap: normal; } th { color: var(--quiet);
  font-weight: 500; } th.figure, td.figure { text-align: right; } td.figure { font-variant-numeric: tabular-nums;
  white-space: nowrap; } a { color: var(--link); } code { font: 13px ui-monospace, monospace; overflow-wrap: anywhere; }
.good { color: var(--good); } .bad { color: var(--bad); } .note { background: var(--soft); border-left: 4px solid
  var(--line); padding: .5rem 1rem; } .pictures { display: grid; gap: 1rem;
  grid-template-columns: repeat(auto-fill, minmax(12rem, 1fr)); }
figure { margin: 0; } figure img { background: #000; display: block; width: 100%; aspect-ratio: 1;
  object-fit: contain; } .keys > span { margin-right: 1em; }
details { margin: .5rem 0; } summary { cursor: pointer; color: var(--quiet); }
figcaption { color: var(--quiet); font-size: 13px; } .key { display: inline-block; width: .8em; height: .8em;
  border-radius: 50%; margin-right: .35em; } svg text { fill: var(--ink); font: 12px system-ui, sans-serif; }
svg .axis { stroke: var(--line); } svg .bar { fill: var(--quiet); }`;

/** A page that needs nothing but itself. */
export function page(title: string, body: Html): string {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta
          http-equiv="Content-Security-Policy"
          content="default-src 'none'; img-src data:; style-src 'unsafe-inline'"
        />
        <title>${title}</title>
        <style>
          ${new Html(STYLE)}
        </style>
      </head>
      <body>
        ${body}
      </body>
    </html> `.text;
}
