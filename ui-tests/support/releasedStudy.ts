import type { Case, Consensus, Protocol, Release } from '@voxcord/schemas/api';
import { defaultProtocol } from '@voxcord/schemas/protocol';
import { expect } from '@playwright/test';
import type { Deployment } from './deployment.js';
import { choosePassphrase, newStudy, PASSPHRASE, type Study } from './study.js';
import { type Ball, submitReads } from './submittedReads.js';

export interface ReleasedStudy {
  readonly study: Study;
  readonly release: Release;
}

/** Two of three readers have seen the second lesion; the third one has marked another place instead. */
const READS = {
  ben: [organ(30), lesion([26, 30, 24], 4), lesion([39, 22, 26], 3)],
  cara: [organ(30), lesion([26, 30, 24], 4), lesion([39, 22, 26], 3)],
  dov: [organ(31), lesion([27, 30, 24], 4), lesion([20, 12, 10], 2.5)]
} as const;

function organ(i: number): Ball {
  return { segment: 1, centre: [i, 28, 24], radius: 15 };
}

function lesion(centre: Ball['centre'], radius: number): Ball {
  return { segment: 2, centre, radius };
}

/**
 * A study whose cases were read by three readers, agreed on by vote, and released by Ada alone. There is one case; with
 * `phases` one for each of them, in groups of this name.
 */
export async function releasedStudy(
  deployment: Deployment,
  title: string,
  phases: readonly string[] = []
): Promise<ReleasedStudy> {
  const study = await newStudy(deployment, title, ['ben', 'cara', 'dov']);
  await lockVotes(deployment, study);
  const { id: projectId } = study.project;
  const others = phases.slice(1).map(phase => {
    const body = { title: `Case in the ${phase} phase`, volumes: [study.volume.hash] };
    return deployment.call<Case>('ada', 'POST', `/projects/${projectId}/cases`, body);
  });
  const cases = [study.case, ...(await Promise.all(others))];
  for (const each of cases) await agreeOn(deployment, { ...study, case: each });
  if (phases.length > 0) {
    const groups = cases.map(({ id }, index) => [id, { phase: phases[index] }]);
    await deployment.call('ada', 'PATCH', `/projects/${projectId}/strata`, Object.fromEntries(groups));
  }
  const prepared = await deployment.call<Release>('ada', 'POST', `/projects/${projectId}/releases`, {
    step: 'major',
    cases: cases.map(({ id }) => id),
    notes: ''
  });
  const state = async (): Promise<string> =>
    (await deployment.call<Release>('ada', 'GET', `/releases/${prepared.id}`)).state;
  await expect.poll(state).toBe('signing');
  await deployment.call('ada', 'POST', `/releases/${prepared.id}/signatures`, {
    meaning: 'approval',
    passphrase: PASSPHRASE
  });
  await expect.poll(state).toBe('released');
  return { study, release: await deployment.call<Release>('ada', 'GET', `/releases/${prepared.id}`) };
}

async function agreeOn(deployment: Deployment, study: Study): Promise<void> {
  await submitReads(deployment, study, READS);
  const started = await deployment.call<Consensus>('ada', 'POST', `/cases/${study.case.id}/consensus`, {});
  await expect
    .poll(async () => (await deployment.call<Consensus>('ada', 'GET', `/consensus/${started.id}`)).progress.state)
    .toBe('done');
}

async function lockVotes(deployment: Deployment, { project }: Study): Promise<void> {
  const content = defaultProtocol(project.title, project.segments);
  const vote = { id: 'vote.kofn', threshold: null, ties: 'background' } as const;
  const draft = await deployment.call<Protocol>('ada', 'PUT', `/projects/${project.id}/protocols/draft`, {
    edition: null,
    content: {
      ...content,
      consensus: { ...content.consensus, structures: vote, lesions: { ...content.consensus.lesions, shape: vote } },
      adjudication: { rule: 'none', triggers: [], minimumVolume: 0 },
      signatures: { release: 1 },
      dataset: {
        purpose: 'Tests',
        origin: 'Made by a program',
        deidentification: 'No person was scanned',
        limitations: 'Shows nothing that exists',
        licence: 'CC0-1.0'
      }
    }
  });
  await choosePassphrase(deployment, 'ada');
  await deployment.call('ada', 'POST', `/projects/${project.id}/protocols/lock`, {
    edition: draft.edition,
    signing: { meaning: 'approval', passphrase: PASSPHRASE }
  });
}
