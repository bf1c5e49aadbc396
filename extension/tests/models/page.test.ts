import type { Case, Project } from '@voxcord/schemas/api';
import { describe, expect, it } from 'vitest';
import type { VoxcordApi } from '../../src/client/api.js';
import { ModelsPageModel } from '../../src/models/modelsPageModel.js';
import { VoxcordModels } from '../../src/models/voxcordModels.js';
import { ADA, automatic, caseOn } from './support.js';

function project(id: string, myRole: Project['myRole'] = 'manager'): Project {
  const title = `Project ${id}`;
  return { id, title, myRole } as unknown as Project;
}

/** A service with projects, cases and models; how often its jobs were asked for. */
function serviceWith(projects: readonly Project[], names: readonly string[]): { api: VoxcordApi; asked: string[] } {
  const asked: string[] = [];
  const call = (name: string, input: { params: { projectId: string } }): Promise<unknown> => {
    switch (name) {
      case 'listProjects':
        return Promise.resolve(projects);
      case 'listCases':
        return Promise.resolve([caseOn(`first of ${input.params.projectId}`), caseOn(`of ${input.params.projectId}`)]);
      case 'listModels':
        return Promise.resolve({
          models: names.map(model => automatic(model)),
          refused: [],
          checking: [],
          mayAdd: false
        });
      case 'listModelJobs':
        asked.push(input.params.projectId);
        return Promise.resolve([]);
      default:
        return Promise.reject(new Error(name));
    }
  };
  return { api: { call } as unknown as VoxcordApi, asked };
}

function pageOn(projects: readonly Project[], names: readonly string[]): { page: ModelsPageModel; asked: string[] } {
  const { api, asked } = serviceWith(projects, names);
  const models = new VoxcordModels({ api, me: () => Promise.resolve({ person: ADA } as never) });
  return { page: new ModelsPageModel(api, models, () => null), asked };
}

const idsOf = (cases: readonly Case[]): string[] => cases.map(({ id }) => id);

describe('the page of models', () => {
  it('shows the project that one comes from, with the case chosen, even if it is looked at again meanwhile', async () => {
    const { page } = pageOn([project('a'), project('b')], ['net']);
    const opening = page.open({ projectId: 'b', caseId: 'of b', model: null });
    await Promise.all([page.look(), opening, page.look()]);
    expect(page.project?.id).toBe('b');
    // There is one model only.
    expect(page.plan.model?.file.name).toBe('net');
    expect(idsOf(page.plan.runnable)).toEqual(['of b']);
    expect(page.caseTitle('of b')).toBe('Case of b');
    page.dispose();
  });

  it('shows the first project otherwise, and leaves the choice among several models to people', async () => {
    const { page } = pageOn([project('a'), project('b')], ['net', 'other']);
    await page.open({ projectId: null, caseId: null, model: null });
    expect([page.project?.id, page.plan.model]).toEqual(['a', null]);
    await page.open({ projectId: null, caseId: null, model: { name: 'other', version: '1.0.0' } });
    expect(page.plan.model?.file.name).toBe('other');
    await page.chooseProject('b');
    expect(idsOf(page.plan.cases)).toEqual(['first of b', 'of b']);
    page.dispose();
  });

  it('does not ask for jobs on behalf of who does not run models', async () => {
    const { page, asked } = pageOn([project('a', 'reader'), project('b', 'adjudicator')], ['net']);
    await page.open({ projectId: 'a', caseId: null, model: null });
    expect([page.jobs, asked]).toEqual([null, []]);
    await page.chooseProject('b');
    expect([page.jobs?.projectId, asked]).toEqual(['b', ['b']]);
    page.dispose();
  });
});
