import { canonicalJson, type ReleaseManifest } from '@voxcord/schemas/files';
import {
  annotationProtocol,
  blinding,
  citation,
  consensusMethods,
  licenceUrl,
  machineTools,
  raterLines,
  readsPerCase
} from './texts.js';

/** The context that Croissant 1.0 gives, with the RAI vocabulary. */
const CONTEXT = {
  '@language': 'en',
  '@vocab': 'https://schema.org/',
  citeAs: 'cr:citeAs',
  column: 'cr:column',
  conformsTo: 'dct:conformsTo',
  cr: 'http://mlcommons.org/croissant/',
  data: { '@id': 'cr:data', '@type': '@json' },
  dataType: { '@id': 'cr:dataType', '@type': '@vocab' },
  dct: 'http://purl.org/dc/terms/',
  equivalentProperty: 'cr:equivalentProperty',
  examples: { '@id': 'cr:examples', '@type': '@json' },
  extract: 'cr:extract',
  field: 'cr:field',
  fileObject: 'cr:fileObject',
  fileProperty: 'cr:fileProperty',
  fileSet: 'cr:fileSet',
  format: 'cr:format',
  includes: 'cr:includes',
  isLiveDataset: 'cr:isLiveDataset',
  jsonPath: 'cr:jsonPath',
  key: 'cr:key',
  md5: 'cr:md5',
  parentField: 'cr:parentField',
  path: 'cr:path',
  rai: 'http://mlcommons.org/croissant/RAI/',
  recordSet: 'cr:recordSet',
  references: 'cr:references',
  regex: 'cr:regex',
  repeated: 'cr:repeated',
  replace: 'cr:replace',
  samplingRate: 'cr:samplingRate',
  sc: 'https://schema.org/',
  separator: 'cr:separator',
  source: 'cr:source',
  subField: 'cr:subField',
  transform: 'cr:transform'
} as const;

/** Croissant 1.0 metadata with all properties of Croissant RAI 1.0. */
export function croissant(manifest: ReleaseManifest): string {
  const { dataset, version, createdAt, files } = manifest;
  return canonicalJson({
    '@context': CONTEXT,
    '@type': 'sc:Dataset',
    conformsTo: ['http://mlcommons.org/croissant/1.0', 'http://mlcommons.org/croissant/RAI/1.0'],
    name: dataset.name,
    description: dataset.description,
    license: licenceUrl(dataset.licence),
    url: dataset.url === '' ? undefined : dataset.url,
    creator: dataset.creators.map(name => ({ '@type': 'sc:Person', name })),
    datePublished: createdAt.slice(0, 10),
    version,
    keywords: dataset.keywords,
    citeAs: citation(manifest),
    isLiveDataset: false,
    distribution: files.map(({ path, bytes, sha256, mediaType }) => ({
      '@type': 'cr:FileObject',
      '@id': path,
      name: path,
      contentUrl: path,
      contentSize: `${bytes} B`,
      encodingFormat: mediaType,
      sha256
    })),
    recordSet: [caseRecords(manifest)],
    ...responsibleAi(manifest)
  });
}

function caseRecords({ cases }: ReleaseManifest): object {
  const field = (name: string, description: string): object => ({
    '@type': 'cr:Field',
    '@id': `cases/${name}`,
    name,
    description,
    dataType: 'sc:Text'
  });
  return {
    '@type': 'cr:RecordSet',
    '@id': 'cases',
    name: 'cases',
    description: 'One record per case: its image, its ground truth and its reads',
    key: { '@id': 'cases/case' },
    field: [
      field('case', 'Id of the case'),
      field('title', 'Title of the case'),
      field('volume', 'SHA-256 of the decoded image'),
      field('truth', 'Path of the ground truth, a NIfTI label map'),
      field('reads', 'Paths of all reads, separated by spaces')
    ],
    data: cases.map(({ id, title, image, truth, reads }) => ({
      'cases/case': id,
      'cases/title': title,
      'cases/volume': image.volume,
      'cases/truth': truth.path,
      'cases/reads': reads.map(({ path }) => path).join(' ')
    }))
  };
}

function responsibleAi(manifest: ReleaseManifest): object {
  const { dataset, tables } = manifest;
  const agreement = tables.map(({ title }) => title).join('; ');
  return {
    'rai:dataCollection': dataset.origin,
    'rai:dataCollectionType': ['Manual Human Curation'],
    'rai:dataCollectionMissingData': dataset.missingData,
    'rai:dataCollectionRawData': 'The images are named by the SHA-256 of their decoded content in release.json.',
    'rai:dataCollectionTimeframe': dataset.collectionTimeframe,
    'rai:dataImputationProtocol': 'No label was imputed: a read that was not made is not counted as background.',
    'rai:dataManipulationProtocol': consensusMethods(manifest),
    'rai:dataPreprocessingProtocol': [dataset.preprocessing, dataset.deidentification],
    'rai:dataAnnotationProtocol': `${annotationProtocol(manifest)} ${blinding(manifest)}`,
    'rai:dataAnnotationPlatform': [`${manifest.software.name} ${manifest.software.version}`],
    'rai:dataAnnotationAnalysis': [
      `Every read is kept beside the truth. ${consensusMethods(manifest)}`,
      `Tables in release.json: ${agreement === '' ? 'none' : agreement}.`
    ],
    'rai:dataReleaseMaintenancePlan': dataset.maintenance,
    'rai:personalSensitiveInformation': [dataset.sensitiveInformation],
    'rai:dataSocialImpact': dataset.socialImpact,
    'rai:dataBiases': [dataset.biases],
    'rai:dataLimitations': [dataset.limitations],
    'rai:dataUseCases': [dataset.useCases],
    'rai:annotationsPerItem': readsPerCase(manifest),
    'rai:annotatorDemographics': raterLines(manifest),
    'rai:machineAnnotationTools': machineTools(manifest)
  };
}
