import type { Evaluation } from '@voxcord/schemas/api';
import { canonicalJson, evaluationTables } from '@voxcord/schemas/files';

export interface Download {
  readonly name: string;
  readonly type: string;
  readonly text: string;
}

/** Files of an evaluation that is computed: everything as JSON, and tables. */
export function downloadsOf(evaluation: Evaluation): Download[] {
  const { result, reader, release } = evaluation;
  if (result === null) return [];
  const about = `${plain(reader.username)}-${release.version}`;
  return [
    ...evaluationTables(result).map(({ name, text }) => ({ name: `${about}-${name}`, type: 'text/csv', text })),
    { name: `${about}-evaluation.json`, type: 'application/json', text: `${canonicalJson(evaluation)}\n` }
  ];
}

export function saveDownload({ name, type, text }: Download): void {
  const address = URL.createObjectURL(new Blob([text], { type }));
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  URL.revokeObjectURL(address);
}

/** Letters, digits and hyphens of a username. */
function plain(username: string): string {
  return username
    .toLowerCase()
    .replace(/[^a-z0-9.]+/g, '-')
    .replace(/^-+|-+$/g, '');
}
