import path from 'node:path';
import { readProject } from '../projects/records.js';
import type { Store } from '../store/store.js';
import { BlobFiles } from '../studies/releases/blobFiles.js';
import { readRelease, type StoredRelease } from '../studies/releases/releaseRecords.js';
import { writeReleaseFolder } from '../truth/index.js';
import { RefusedError } from './commandErrors.js';
import { dataFolder, withStore } from './dataFolder.js';
import type { Output } from './output.js';
import type { ExportedRelease, ListedRelease } from './results.js';

const SHORTEST_PREFIX = 4;

/** `voxcord export --release ID -o DIR`: the self-contained folder of a release. Works while a service runs. */
export async function exportReleaseCommand(
  idOrPrefix: string,
  options: { readonly data?: string; readonly output: string },
  output: Output
): Promise<void> {
  const folder = path.resolve(options.output);
  await withStore(dataFolder(options.data), { readOnly: true }, async store => {
    const release = await findRelease(store, idOrPrefix);
    if (release.state !== 'released') {
      throw new RefusedError('release.not-released', `Version ${release.version} is ${release.state}, not released.`);
    }
    await writeReleaseFolder(new BlobFiles(store.blobs, release.files), folder);
    const { id, version, manifest, files } = release;
    const result: ExportedRelease = { release: id, version, manifest, folder, files: files.length };
    output.result(result, `Wrote ${version} to ${folder}. Check it: voxcord verify ${folder}`);
  });
}

/** `voxcord release list`: releases of all projects, oldest first. */
export async function listReleasesCommand(options: { readonly data?: string }, output: Output): Promise<void> {
  await withStore(dataFolder(options.data), { readOnly: true }, async store => {
    const listed: ListedRelease[] = [];
    for await (const releases of allReleases(store)) {
      for (const { id, projectId, version, state, releasedAt } of releases) {
        const { title } = readProject(await store.catalogue.get('project', projectId));
        listed.push({ release: id, project: title, version, state, releasedAt });
      }
    }
    const lines = listed.map(({ release, project, version, state }) => `${release}  ${project}  ${version}  ${state}`);
    output.result({ releases: listed }, lines.length === 0 ? 'There is no release.' : lines.join('\n'));
  });
}

/** The release with this id, or the only one whose id begins so. */
async function findRelease(store: Store, idOrPrefix: string): Promise<StoredRelease> {
  if (idOrPrefix.length < SHORTEST_PREFIX) {
    throw new RefusedError('release.unknown', `Give at least ${SHORTEST_PREFIX} characters of the id of the release.`);
  }
  const found: StoredRelease[] = [];
  for await (const releases of allReleases(store)) {
    found.push(...releases.filter(({ id }) => id.startsWith(idOrPrefix)));
  }
  const [release] = found;
  if (release === undefined) {
    throw new RefusedError('release.unknown', 'There is no such release. See: voxcord release list');
  }
  if (found.length > 1) {
    throw new RefusedError('release.ambiguous', `${found.length} releases begin so. Give more characters of the id.`);
  }
  return release;
}

async function* allReleases(store: Store): AsyncIterable<StoredRelease[]> {
  for await (const values of store.catalogue.all('release')) yield values.map(readRelease);
}
