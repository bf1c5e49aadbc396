import type { EvaluationWarning } from '@voxcord/schemas/api';
import type { ReleaseManifest } from '@voxcord/schemas/files';
import type { CaseFiles } from './predictionFiles.js';
import type { ReleaseSource } from './releaseSource.js';

/*
 * What has to be said of what `voxcord evaluate` was given, before any figure.
 */

/** The release itself, cases without a file, and files without a case. */
export function warningsAbout(
  { manifest, verdict }: ReleaseSource,
  { byCase, unused }: CaseFiles,
  missing: 'count-as-empty' | 'leave-out' | 'refuse'
): EvaluationWarning[] {
  const warnings: EvaluationWarning[] = [];
  if (!verdict.valid) {
    const { record, reason } = verdict.broken;
    warnings.push({ code: 'release-not-valid', text: `The release is broken: ${record}: ${reason}.` });
  }
  const absent = manifest.cases.filter(({ id }) => !byCase.has(id)).map(({ title }) => title);
  if (absent.length > 0) {
    const counted = missing === 'leave-out' ? 'and are left out' : 'and count as empty';
    const text = `${absent.length} of ${manifest.cases.length} cases have no prediction ${counted}: ${absent.join(', ')}.`;
    warnings.push({ code: missing === 'leave-out' ? 'left-out' : 'missing-predictions', text });
  }
  if (unused.length > 0) {
    const text = `${unused.length} files belong to no case of the release: ${unused.join(', ')}.`;
    warnings.push({ code: 'unused-predictions', text });
  }
  return warnings;
}

/** @param unknown numbers in predictions that stand for nothing in the release */
export function warningsAboutLabels(unknown: ReadonlySet<number>): EvaluationWarning[] {
  if (unknown.size === 0) return [];
  const numbers = [...unknown].sort((a, b) => a - b).join(', ');
  const text = `Predictions have labels that are no segment of the release: ${numbers}. They count as background; see --map.`;
  return [{ code: 'segment-not-in-release', text }];
}

/** @param scores null: none were asked for */
export function warningsAboutScores(
  { cases }: ReleaseManifest,
  { byCase }: CaseFiles,
  scores: CaseFiles | null
): EvaluationWarning[] {
  if (scores === null) return [];
  const without = cases.filter(({ id }) => byCase.has(id) && !scores.byCase.has(id)).map(({ title }) => title);
  if (without.length === 0) return [];
  const text = `There are no scores of ${without.join(', ')}: if anything is marked there, there is no curve.`;
  return [{ code: 'no-scores', text }];
}
