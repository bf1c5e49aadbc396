import type { Release, VersionStep } from '@voxcord/schemas/api';

type Parts = readonly [number, number, number];

/** The version that a step leads to from the newest release; the first one is 1.0.0. */
export function nextVersion(releases: readonly Release[], step: VersionStep): string {
  const newest = newestVersion(releases);
  if (newest === null) return '1.0.0';
  const [major, minor, patch] = partsOf(newest);
  switch (step) {
    case 'major':
      return `${major + 1}.0.0`;
    case 'minor':
      return `${major}.${minor + 1}.0`;
    case 'patch':
      return `${major}.${minor}.${patch + 1}`;
  }
}

/** The highest version that is released; null: nothing is. */
export function newestVersion(releases: readonly Release[]): string | null {
  const versions = releases.filter(({ state }) => state === 'released').map(({ version }) => version);
  return versions.toSorted(compareVersions).at(-1) ?? null;
}

/** By their numbers: 1.10.0 comes after 1.9.0. */
export function compareVersions(a: string, b: string): number {
  const [left, right] = [partsOf(a), partsOf(b)];
  return left[0] - right[0] || left[1] - right[1] || left[2] - right[2];
}

function partsOf(version: string): Parts {
  const [major = 0, minor = 0, patch = 0] = version.split('.').map(Number);
  return [major, minor, patch];
}
