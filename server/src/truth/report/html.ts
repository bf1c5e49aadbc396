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

/** A table with a heading per column; figures are aligned at the right. */
export function table(headings: readonly string[], rows: readonly (readonly (string | number | Html)[])[]): Html {
  const cell = (value: string | number | Html): Html =>
    typeof value === 'number' ? html`<td class="figure">${shortNumber(value)}</td>` : html`<td>${value}</td>`;
  return html`<div class="wide">
    <table>
      <thead>
        <tr>
          ${headings.map(text => html`<th scope="col">${text}</th>`)}
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

/** Four digits that matter, the same on every machine. */
export function shortNumber(value: number): string {
  return Number.isInteger(value) ? String(value) : String(Number(value.toPrecision(4)));
}

const STYLE = `
:root { color-scheme: light dark; --ink: #1f2328; --quiet: #59636e; --line: #d1d9e0; --ground: #ffffff; --soft: #f6f8fa;
  --good: #1a7f37; --bad: #cf222e; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6edf3; --quiet: #9198a1; --line: #3d444d; --ground: #0d1117;
  --soft: #151b23; --good: #3fb950; --bad: #f85149; } }
@media print { :root { color-scheme: light; --ink: #000; --quiet: #444; --line: #bbb; --ground: #fff; --soft: #fff;
  --good: #1a7f37; --bad: #cf222e; } section, figure, tr { break-inside: avoid; } body { max-width: none; } }
body { font: 15px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--ground); max-width: 60rem;
  margin: 0 auto; padding: 1.5rem; }
h1 { font-size: 1.7rem; margin: 0 0 .25rem; } h2 { font-size: 1.25rem; margin: 2rem 0 .5rem; }
h3 { font-size: 1.05rem; margin: 1.5rem 0 .5rem; } .quiet { color: var(--quiet); } .wide { overflow-x: auto; }
table { border-collapse: collapse; margin: .5rem 0; } th, td { text-align: left; padding: .25rem .75rem .25rem 0;
  border-bottom: 1px solid var(--line); vertical-align: top; } .figure { text-align: right;
  font-variant-numeric: tabular-nums; } code { font: 13px ui-monospace, monospace; overflow-wrap: anywhere; }
.good { color: var(--good); } .bad { color: var(--bad); } .note { background: var(--soft); border-left: 4px solid
  var(--line); padding: .5rem 1rem; } .pictures { display: flex; flex-wrap: wrap; gap: 1rem; }
figure { margin: 0; } figure img { background: #000; display: block; max-width: 100%; }
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
