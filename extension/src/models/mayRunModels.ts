import type { CaseView } from '../case/caseView.js';
import { isBlinded } from './blindness.js';

/** This person may have a model run on the case in `view`: who only looks, or reads it blind, may not. */
export function mayRunModels(view: CaseView | null): boolean {
  if (view === null) return false;
  const { project } = view.reading;
  const { case: opened, me } = view.model;
  return (
    project !== null && opened !== null && me !== null && project.myRole !== 'viewer' && !isBlinded(opened, me.username)
  );
}
