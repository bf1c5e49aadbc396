import type { ReleaseManifest } from '@voxcord/schemas/files';
import { reportPage } from '../report/reportPage.js';
import type { CaseFigures } from '../report/caseFigures.js';
import { croissant } from './croissant.js';
import { datasheet } from './datasheet.js';
import { roCrate } from './roCrate.js';

export interface DescribedFile {
  readonly path: string;
  readonly mediaType: string;
  readonly text: string;
}

/**
 * The files that describe a release for people and catalogues, made from its records alone. `manifest.files` lists the
 * files of maps; `figures` holds what was measured and drawn while they were written, by case.
 */
export function describeRelease(
  manifest: ReleaseManifest,
  figures: ReadonlyMap<string, CaseFigures>
): readonly DescribedFile[] {
  return [
    { path: 'croissant.json', mediaType: 'application/ld+json', text: croissant(manifest) },
    { path: 'datasheet.md', mediaType: 'text/markdown', text: datasheet(manifest) },
    { path: 'report.html', mediaType: 'text/html', text: reportPage(manifest, figures) },
    { path: 'ro-crate-metadata.json', mediaType: 'application/ld+json', text: roCrate(manifest) }
  ];
}
