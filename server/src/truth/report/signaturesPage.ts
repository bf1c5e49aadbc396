import type { BuiltRelease } from '../buildRelease.js';
import type { Signature } from '../signatures.js';
import { html, page, table } from './html.js';

/** `signatures.html`: who signed the release, when and what for, for people to read and print. */
export function signaturesPage({ manifest, sha256 }: BuiltRelease, signatures: readonly Signature[]): string {
  const title = `Signatures of ${manifest.project.title} ${manifest.version}`;
  const rows = signatures.map(({ signer, meaning, time, comment, keys }) => [
    signer.name,
    signer.username,
    meaning,
    time,
    comment,
    html`<code>${keys[0] ?? ''}</code>`
  ]);
  return page(
    title,
    html`<h1>${title}</h1>
      <p>Each of these people has typed a signing passphrase to sign exactly this record:</p>
      <p><code>release.json</code>, SHA-256 <code>${sha256}</code></p>
      ${table(['Name', 'Username', 'Meaning', 'Date and time (UTC)', 'Comment', 'Key'], rows)}
      <p class="quiet">
        This page is for reading. The signatures themselves are in <code>signatures.json</code>;
        <code>voxcord verify</code> checks them.
      </p>`
  );
}
