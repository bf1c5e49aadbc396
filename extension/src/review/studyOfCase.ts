import type { Case, Project, Protocol, Release, Segment } from '@voxcord/schemas/api';
import type { VoxcordApi } from '../client/index.js';

/** What a review needs to know of the project around a case. */
export interface StudyOfCase {
  readonly project: Project;
  /** The locked protocol; null: the project has none. */
  readonly protocol: Protocol | null;
  /** Releases that hold this case, newest first. */
  readonly releases: readonly Release[];
  readonly segments: readonly Segment[];
}

/** Throws `VoxcordError`. */
export async function loadStudy(api: VoxcordApi, opened: Case, signal: AbortSignal): Promise<StudyOfCase> {
  const params = { projectId: opened.projectId };
  const [project, protocols, releases] = await Promise.all([
    api.call('getProject', { params }, signal),
    api.call('listProtocols', { params }, signal),
    api.call('listReleases', { params }, signal)
  ]);
  const protocol = protocols.find(({ state }) => state === 'locked') ?? null;
  return {
    project,
    protocol,
    releases: releases.filter(
      ({ state, cases }) => state !== 'failed' && cases.some(({ caseId }) => caseId === opened.id)
    ),
    segments:
      protocol?.content.segments.map(({ number, name, colour, codes }) => ({
        number,
        name,
        colour,
        codes,
        retired: false
      })) ?? project.segments
  };
}
