import type { ReleaseManifest } from '@voxcord/schemas/files';

/*
 * Sentences about a release that datasheet, Croissant and report share.
 */

export function licenceUrl(licence: string): string {
  return /^https?:\/\//.test(licence) ? licence : `https://spdx.org/licenses/${encodeURIComponent(licence)}`;
}

export function annotationProtocol({ protocols, segments }: ReleaseManifest): string {
  const last = protocols.at(-1);
  const names = segments.map(({ number, name }) => `${number} ${name}`).join(', ');
  const flagged = protocols.filter(({ afterFirstRead }) => afterFirstRead).map(({ version }) => version);
  const changes = flagged.length === 0 ? '' : ` Versions locked after reads had begun: ${flagged.join(', ')}.`;
  return `Protocol version ${last?.version ?? 1}, locked ${last?.lockedAt ?? ''} (SHA-256 ${last?.sha256 ?? ''}); its full text is in release.json. Segments: ${names}.${changes}`;
}

export function blinding({ cases }: ReleaseManifest): string {
  const reads = cases.flatMap(each => each.reads);
  const blind = reads.filter(({ manifest }) => manifest.blinded).length;
  return `${blind} of ${reads.length} reads were made blind to the other reads.`;
}

/** Lowest and highest number of reads per case. */
export function readsPerCase({ cases }: ReleaseManifest): string {
  const counts = cases.map(({ reads }) => reads.length);
  if (counts.length === 0) return '0';
  const [least, most] = [Math.min(...counts), Math.max(...counts)];
  return least === most ? String(least) : `${least} to ${most}`;
}

export function consensusMethods({ cases }: ReleaseManifest): string {
  const methods = new Set(cases.flatMap(({ consensus }) => (consensus === null ? [] : [consensus.method])));
  const decisions = cases.reduce((sum, each) => sum + each.decisions.length, 0);
  const named = methods.size === 0 ? 'none' : [...methods].sort().join(', ');
  return `Consensus method: ${named}. Decisions of adjudicators: ${decisions}. Parameters, region of interest, rule for ties, readers' performance and warnings of each case are in release.json.`;
}

export function raterLines({ raters }: ReleaseManifest): string[] {
  return raters.map(({ name, kind, qualification, yearsOfExperience, roles }) => {
    const years = yearsOfExperience === null ? '' : `, ${yearsOfExperience} years of experience`;
    const what = kind === 'model' ? 'a registered model' : qualification;
    return `${name}: ${what}${years}${roles.length === 0 ? '' : ` (${roles.join(', ')})`}`;
  });
}

export function machineTools({ cases, raters }: ReleaseManifest): string[] {
  const models = raters.filter(({ kind }) => kind === 'model').map(({ name }) => name);
  const origins = cases
    .flatMap(({ reads, adjudication }) => (adjudication === null ? reads : [...reads, adjudication]))
    .flatMap(({ manifest }) => manifest.origins)
    .filter(({ kind }) => kind === 'model')
    .map(({ name, sha256 }) => (sha256 === null ? name : `${name} (SHA-256 ${sha256})`));
  return [...new Set([...models, ...origins])].sort();
}

/** How to cite the release, unless its people have said so. */
export function citation({ dataset, version, createdAt }: ReleaseManifest): string {
  const made = `${dataset.creators.join(', ')} (${createdAt.slice(0, 4)}). ${dataset.name}`;
  const named = made.endsWith(version) ? made : `${made}, version ${version}`;
  return dataset.citation === '' ? `${named}. Ground truth, ${licenceUrl(dataset.licence)}` : dataset.citation;
}
