import type { Project } from '@voxcord/schemas/api';
import type { CaseView } from '../case/caseView.js';
import { isBlinded } from './blindness.js';

/** Models are run by those who decide about a project. */
export function mayRunIn({ myRole }: Project): boolean {
  return myRole === 'manager' || myRole === 'adjudicator';
}

/** This person may have a model run on the case in `view`: who has still to read it blind may not. */
export function mayRunModels(view: CaseView | null): boolean {
  if (view === null) return false;
  const { project } = view.reading;
  const { case: opened, me } = view.model;
  return project !== null && opened !== null && me !== null && mayRunIn(project) && !isBlinded(opened, me.username);
}

/** Models are evaluated against releases, which come from a protocol. */
export function mayEvaluateIn(project: Project | null): boolean {
  return project !== null && project.protocol !== null;
}
