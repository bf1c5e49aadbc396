import { canonicalJson, type ReleasedCase, type ReleaseManifest } from '@voxcord/schemas/files';
import { licenceUrl } from './texts.js';

const PROCESS_RUN = 'https://w3id.org/ro/wfrun/process/0.5';
const CRATE = 'https://w3id.org/ro/crate/1.1';

/** Files that the list in `manifest` cannot hold yet, because they describe it or sign it. */
const LATER: readonly (readonly [string, string, string])[] = [
  ['release.json', 'application/json', 'Manifest of the release'],
  ['signatures.json', 'application/json', 'Signatures and seal (DSSE envelopes)'],
  ['signatures.html', 'text/html', 'Signatures, for reading'],
  ['keys.json', 'application/json', 'Public keys of the signers and of the service'],
  ['audit.jsonl', 'application/jsonl', 'Audit log of the project'],
  ['report.html', 'text/html', 'Report with pictures'],
  ['datasheet.md', 'text/markdown', 'Datasheet'],
  ['croissant.json', 'application/ld+json', 'Croissant metadata']
];

/** RO-Crate 1.1 metadata, as a Process Run Crate: one CreateAction for each consensus. */
export function roCrate(manifest: ReleaseManifest): string {
  const { dataset, version, createdAt, files, cases, software, parents } = manifest;
  const licence = licenceUrl(dataset.licence);
  const engine = `#software-${software.name}-${software.version}`;
  const people = [...new Map(manifest.raters.map(rater => [rater.username, rater])).values()];
  const parts = [...files.map(({ path }) => path), ...LATER.map(([path]) => path)];
  const agentOf = (username: string | undefined): string => {
    const index = people.findIndex(rater => rater.username === username && rater.kind === 'person');
    return index === -1 ? '#creator-1' : `#rater-${index + 1}`;
  };
  const creators = single(dataset.creators.map((_, index) => ({ '@id': `#creator-${index + 1}` })));
  const actions = cases.flatMap(each => createAction(each, engine, agentOf(deciderOf(each))));
  const root = {
    '@id': './',
    '@type': 'Dataset',
    conformsTo: { '@id': PROCESS_RUN },
    name: dataset.name,
    description: dataset.description,
    datePublished: createdAt.slice(0, 10),
    version,
    license: { '@id': licence },
    keywords: dataset.keywords.join(', '),
    author: creators,
    creator: creators,
    contributor: single(people.map((_, index) => ({ '@id': `#rater-${index + 1}` }))),
    hasPart: parts.map(path => ({ '@id': path })),
    mentions: actions.map(action => ({ '@id': action['@id'] })),
    isBasedOn: parents.map(parent => ({ '@id': `urn:sha256:${parent.sha256}` }))
  };
  return canonicalJson({
    '@context': [`${CRATE}/context`, { sha256: 'https://schema.org/sha256' }],
    '@graph': [
      {
        '@id': 'ro-crate-metadata.json',
        '@type': 'CreativeWork',
        conformsTo: { '@id': CRATE },
        about: { '@id': './' }
      },
      root,
      { '@id': PROCESS_RUN, '@type': 'CreativeWork', name: 'Process Run Crate', version: '0.5' },
      { '@id': licence, '@type': 'CreativeWork', name: dataset.licence },
      { '@id': engine, '@type': 'SoftwareApplication', name: software.name, softwareVersion: software.version },
      ...dataset.creators.map((name, index) => ({ '@id': `#creator-${index + 1}`, '@type': 'Person', name })),
      ...people.map(({ name, kind }, index) => ({
        '@id': `#rater-${index + 1}`,
        '@type': kind === 'model' ? 'SoftwareApplication' : 'Person',
        name
      })),
      ...parents.map(parent => ({
        '@id': `urn:sha256:${parent.sha256}`,
        '@type': 'Dataset',
        name: `${dataset.name} ${parent.version}`
      })),
      ...files.map(({ path, bytes, sha256, mediaType }) => ({
        '@id': path,
        '@type': 'File',
        name: path,
        contentSize: String(bytes),
        encodingFormat: mediaType,
        sha256
      })),
      ...LATER.map(([path, encodingFormat, name]) => ({ '@id': path, '@type': 'File', name, encodingFormat })),
      ...actions
    ]
  });
}

/** Lists of one are written without brackets: RO-Crate 1.1, appendix. */
function single<T>(values: readonly T[]): T | readonly T[] {
  const [only] = values;
  return values.length === 1 && only !== undefined ? only : values;
}

/** Who had the last word: the adjudicator, or whoever decided last. */
function deciderOf({ adjudication, decisions }: ReleasedCase): string | undefined {
  return adjudication?.manifest.reader.username ?? decisions.at(-1)?.adjudicator.username;
}

function createAction(
  { id, title, consensus, reads, truth, soft }: ReleasedCase,
  engine: string,
  agent: string
): CreateAction[] {
  if (consensus === null) return [];
  const inputs = new Set(consensus.inputs.map(({ revision }) => revision));
  return [
    {
      '@id': `#consensus-${id}`,
      '@type': 'CreateAction',
      name: `Consensus (${consensus.method}) and adjudication of ${title}`,
      description: `From ${inputs.size} reads to the ground truth of ${title}, as the protocol says.`,
      endTime: consensus.computedAt,
      agent: { '@id': agent },
      instrument: { '@id': engine },
      object: reads.filter(({ sha256 }) => inputs.has(sha256)).map(({ path }) => ({ '@id': path })),
      result: [truth.path, ...soft.map(({ path }) => path)].map(path => ({ '@id': path }))
    }
  ];
}

interface CreateAction {
  readonly '@id': string;
  readonly '@type': 'CreateAction';
  readonly name: string;
  readonly description: string;
  readonly endTime: string;
  readonly agent: object;
  readonly instrument: object;
  readonly object: readonly object[];
  readonly result: readonly object[];
}
