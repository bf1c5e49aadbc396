import type { ProtocolSegment, VersionStep } from '@voxcord/schemas/api';
import { GroundTruthError } from '../groundTruthError.js';

/** What decides which version follows. */
export interface ReleasedTruth {
  readonly segments: readonly ProtocolSegment[];
  /** Root of the label map, by case. */
  readonly roots: ReadonlyMap<string, string>;
}

/** The first release of a project. */
export const FIRST_VERSION = '1.0.0';

export function nextVersion(version: string, step: VersionStep): string {
  const [major = 0, minor = 0, patch = 0] = version.split('.').map(Number);
  switch (step) {
    case 'major':
      return `${major + 1}.0.0`;
    case 'minor':
      return `${major}.${minor + 1}.0`;
    case 'patch':
      return `${major}.${minor}.${patch + 1}`;
  }
}

/** The step that a change needs, and why. */
export function stepNeeded(
  before: ReleasedTruth,
  after: ReleasedTruth
): { readonly step: VersionStep; readonly why: string } {
  const meaning = changedMeaning(before.segments, after.segments);
  if (meaning !== null) return { step: 'major', why: `${meaning}: labels mean something else than before` };
  for (const [caseId] of before.roots) {
    if (!after.roots.has(caseId)) return { step: 'major', why: 'a case of the release before is missing' };
  }
  for (const [caseId, root] of after.roots) {
    const known = before.roots.get(caseId);
    if (known === undefined) return { step: 'minor', why: 'it holds a case that the release before has not' };
    if (known !== root) return { step: 'minor', why: 'the truth of a case has changed' };
  }
  return { step: 'patch', why: 'the truth is the same as before' };
}

/** Throws `GroundTruthError` (`release.step`) unless the step says what has changed. */
export function checkStep(asked: VersionStep, before: ReleasedTruth, after: ReleasedTruth): void {
  const { step, why } = stepNeeded(before, after);
  if (asked === step) return;
  // Who finds a change greater than it has to be may say so; a patch is only for texts, and only texts are a patch.
  if (asked === 'major' && step === 'minor') return;
  throw new GroundTruthError('release.step', `This must be a ${step} version, not ${asked}: ${why}.`);
}

/** A number that was used before and now names, or is coded as, something else; null if there is none. */
function changedMeaning(before: readonly ProtocolSegment[], after: readonly ProtocolSegment[]): string | null {
  for (const segment of before) {
    const now = after.find(({ number }) => number === segment.number);
    if (now === undefined) return `segment ${segment.number} (${segment.name}) is gone`;
    if (now.name !== segment.name) return `segment ${segment.number} was ${segment.name} and is ${now.name}`;
    if (now.kind !== segment.kind) return `segment ${segment.name} was a ${segment.kind} and is a ${now.kind}`;
    if (codesOf(now) !== codesOf(segment)) return `segment ${segment.name} has other codes`;
    if (now.instructions !== segment.instructions) return `segment ${segment.name} is painted by other instructions`;
  }
  return null;
}

function codesOf({ codes }: ProtocolSegment): string {
  return codes
    .map(({ scheme, value }) => `${scheme}:${value}`)
    .sort()
    .join(' ');
}
