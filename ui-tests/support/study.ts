import type { Case, Project, Protocol, ProtocolContent, Read, Volume } from '@voxcord/schemas/api';
import { defaultProtocol } from '@voxcord/schemas/protocol';
import type { Deployment, TestCase, Username } from './deployment.js';

/** Passphrase of everybody in the tests. */
export const PASSPHRASE = 'seven quiet slices';

/** A project with a case on the plain volume, and people in it. */
export interface Study {
  readonly project: Project;
  readonly case: Case;
  readonly volume: Volume;
}

const DATASET = {
  purpose: 'Tests',
  origin: 'Made by a program',
  deidentification: 'No person was scanned',
  limitations: 'Shows nothing that exists',
  licence: 'CC0-1.0'
};

/** What models call a lesion, too: `threshold` labels what is bright as nodules. */
const LESION_CODES = [
  { scheme: 'SCT', value: '52988006', meaning: 'Lesion' },
  { scheme: 'SCT', value: '27925004', meaning: 'Nodule' }
];

/** A study that Ada leads; the others are readers. There is no protocol yet. */
export async function newStudy(
  deployment: Deployment,
  title: string,
  readers: readonly Username[] = ['ben', 'cara']
): Promise<Study> {
  const volume = await deployment.importVolume('plain.nii.gz');
  const project = await deployment.call<Project>('ada', 'POST', '/projects', {
    title,
    segments: [
      { name: 'Organ', colour: '#56b4e9', codes: [{ scheme: 'SCT', value: '10200004', meaning: 'Liver' }] },
      { name: 'Lesion', colour: '#e69f00', codes: LESION_CODES }
    ],
    everyone: null
  });
  for (const username of readers) {
    // The service knows whom it has met.
    await deployment.call(username, 'GET', '/me');
    await deployment.call('ada', 'PUT', `/projects/${project.id}/members/${username}`, { role: 'reader' });
  }
  const created = await deployment.call<Case>('ada', 'POST', `/projects/${project.id}/cases`, {
    title: `Case of ${title}`,
    volumes: [volume.hash]
  });
  return { project, case: created, volume };
}

/** Writes, locks and signs a protocol for two blind readers. `readers`: what else it says of them. */
export async function lockProtocol(
  deployment: Deployment,
  { project }: Study,
  readers: Partial<ProtocolContent['readers']> = {}
): Promise<Protocol> {
  const content = defaultProtocol(project.title, project.segments);
  const draft = await deployment.call<Protocol>('ada', 'PUT', `/projects/${project.id}/protocols/draft`, {
    edition: null,
    content: {
      ...content,
      readers: { ...content.readers, perCase: 2, ...readers },
      dataset: DATASET
    }
  });
  await choosePassphrase(deployment, 'ada');
  return deployment.call<Protocol>('ada', 'POST', `/projects/${project.id}/protocols/lock`, {
    edition: draft.edition,
    signing: { meaning: 'approval', passphrase: PASSPHRASE }
  });
}

/** Gives somebody a signing key, if they have none. */
export async function choosePassphrase(deployment: Deployment, username: Username): Promise<void> {
  const { keyId } = await deployment.call<{ keyId: string | null }>(username, 'GET', '/me/signing-key');
  if (keyId === null) await deployment.call(username, 'POST', '/me/signing-key', { passphrase: PASSPHRASE });
}

/** Gives the case to readers. */
export async function assign(
  deployment: Deployment,
  study: Study,
  readers: readonly Username[],
  due: string | null = null
): Promise<Read[]> {
  return deployment.call<Read[]>('ada', 'POST', `/cases/${study.case.id}/assignments`, {
    readers,
    due,
    repeat: false
  });
}

/** A read of the study as the other tests know a case: for opening, exporting and comparing it. */
export function testCaseOf(study: Study, read: Read, deployment: Deployment): TestCase {
  return { case: study.case, read, volume: study.volume, volumeFile: deployment.volumes.plain, file: '' };
}
