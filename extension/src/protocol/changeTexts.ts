import type { TranslationBundle } from '@jupyterlab/translation';
import type { Protocol } from '@voxcord/schemas/api';

export interface ChangeText {
  /** JSON pointer of the value. */
  readonly path: string;
  /** Where that is, in words: "Segments › Liver › instructions". */
  readonly where: string;
  readonly before: string | null;
  readonly after: string | null;
}

/** What differs from the version before, for people. */
export function changeTexts({ changes, content }: Protocol, trans: TranslationBundle): readonly ChangeText[] {
  return changes.map(({ path, before, after }) => ({
    path,
    where: placeOf(path, content, trans),
    before: before === '' ? trans.__('(empty)') : before,
    after: after === '' ? trans.__('(empty)') : after
  }));
}

function placeOf(path: string, content: Protocol['content'], trans: TranslationBundle): string {
  const [first = '', ...rest] = path.split('/').slice(1);
  const names: Readonly<Record<string, string>> = {
    title: trans.__('Title'),
    segments: trans.__('Segments'),
    readers: trans.__('Readers'),
    consensus: trans.__('Consensus'),
    agreement: trans.__('Agreement'),
    adjudication: trans.__('Adjudication'),
    acceptance: trans.__('Acceptance'),
    signatures: trans.__('Signatures'),
    dataset: trans.__('Dataset')
  };
  const [second, ...others] = rest;
  const listed = entryName(first, Number(second), content);
  return [names[first] ?? first, ...(listed === null ? rest : [listed, ...others])].map(inWords).join(' › ');
}

/** What a segment or a criterion is called. */
function entryName(list: string, index: number, { segments, acceptance }: Protocol['content']): string | null {
  if (list === 'segments') return segments[index]?.name ?? null;
  if (list === 'acceptance') return acceptance[index]?.id ?? null;
  return null;
}

/** `minimumVolume` -> "minimum volume" */
function inWords(name: string): string {
  return name.replace(/(?<=[a-z])[A-Z]/gu, capital => ` ${capital.toLowerCase()}`);
}
