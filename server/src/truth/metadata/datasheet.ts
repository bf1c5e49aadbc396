import type { ReleaseManifest } from '@voxcord/schemas/files';
import {
  annotationProtocol,
  blinding,
  citation,
  consensusMethods,
  machineTools,
  raterLines,
  readsPerCase
} from './texts.js';

/** A datasheet (Gebru et al., "Datasheets for Datasets", 2021): its seven sections, from the records of the release. */
export function datasheet(manifest: ReleaseManifest): string {
  const { dataset, project, version, createdAt, cases, segments, parents, software } = manifest;
  const tools = machineTools(manifest);
  const sections: readonly (readonly [string, readonly (readonly [string, string])[]])[] = [
    [
      'Motivation',
      [
        ['Purpose', dataset.purpose],
        ['Created by', dataset.creators.join(', ')]
      ]
    ],
    [
      'Composition',
      [
        ['What an instance is', 'One image volume of one case, with its ground truth, soft maps and every read.'],
        ['Instances', `${cases.length} cases, ${readsPerCase(manifest)} reads per case`],
        ['Labels', segments.map(({ number, name }) => `${number} = ${name}`).join(', ')],
        ['Population', dataset.population],
        ['Missing data', dataset.missingData],
        ['Sensitive information', dataset.sensitiveInformation]
      ]
    ],
    [
      'Collection',
      [
        ['Origin', dataset.origin],
        ['Time frame', dataset.collectionTimeframe],
        ['De-identification', dataset.deidentification]
      ]
    ],
    [
      'Preprocessing and labelling',
      [
        ['Preprocessing', dataset.preprocessing],
        ['Protocol', annotationProtocol(manifest)],
        ['Blinding', blinding(manifest)],
        ['Annotators', raterLines(manifest).join('; ')],
        ['Machine tools', tools.length === 0 ? 'none' : tools.join(', ')],
        ['From reads to truth', consensusMethods(manifest)]
      ]
    ],
    [
      'Uses',
      [
        ['Intended uses', dataset.useCases],
        ['Biases', dataset.biases],
        ['Limitations', dataset.limitations],
        ['Social impact', dataset.socialImpact]
      ]
    ],
    [
      'Distribution',
      [
        ['Distribution', dataset.distribution],
        ['Licence', dataset.licence],
        ['Citation', citation(manifest)]
      ]
    ],
    [
      'Maintenance',
      [
        ['Plan', dataset.maintenance],
        ['This release', `${version} of ${createdAt}, made by ${software.name} ${software.version}`],
        ['Service key', `${manifest.serviceKey}: compare it with the one that the releasing site publishes`],
        ['Made from', parents.length === 0 ? 'no earlier release' : parents.map(each => each.version).join(', ')]
      ]
    ]
  ];
  const text = sections.map(
    ([heading, answers]) =>
      `## ${heading}\n\n${answers.map(([what, answer]) => `- **${what}**: ${oneLine(answer)}`).join('\n')}\n`
  );
  return `# ${oneLine(dataset.name)} ${version}\n\n${oneLine(dataset.description)}\n\nProject: ${oneLine(project.title)}\n\n${text.join('\n')}`;
}

/** Answers are people's texts: a line of their own could be a heading. */
function oneLine(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return line === '' ? 'not stated' : line;
}
