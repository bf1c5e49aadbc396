import type { Case, NewProject, Project } from '@voxcord/schemas/api';
import type { Projects } from '../projects/projects.js';
import { OPERATOR } from './dataFolder.js';

/** The project with this title that was made on the command line; null if there is none. */
export async function findProject(projects: Projects, title: string): Promise<Project | null> {
  const all = await projects.listProjects(OPERATOR);
  return all.find(project => project.title === title && project.createdBy === OPERATOR.username) ?? null;
}

export async function findOrCreateProject(projects: Projects, wanted: NewProject): Promise<Project> {
  return (await findProject(projects, wanted.title)) ?? (await projects.createProject(OPERATOR, wanted));
}

/** The case of a project with this title and exactly these volumes; null if there is none. */
export async function findCase(
  projects: Projects,
  projectId: string,
  title: string,
  volumes: readonly string[]
): Promise<Case | null> {
  const wanted = [...new Set(volumes)].sort().join();
  const cases = await projects.listCases(OPERATOR, projectId);
  return (
    cases.find(found => {
      const hashes = found.volumes.map(({ hash }) => hash).sort();
      return found.title === title && hashes.join() === wanted;
    }) ?? null
  );
}

/** A case with a shared read. Doing it twice makes it once. */
export async function findOrCreateCase(
  projects: Projects,
  projectId: string,
  title: string,
  volumes: readonly string[]
): Promise<Case> {
  return (
    (await findCase(projects, projectId, title, volumes)) ??
    (await projects.createCase(OPERATOR, projectId, { title, volumes: [...volumes], access: 'shared' }))
  );
}
