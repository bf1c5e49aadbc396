import type { Person } from '../api/people.js';
import type { ModelFile } from './modelFile.js';

const PREFIX = 'model:';
const COLOUR = '#7f7f7f';

/** Username of a model among readers: no person can have one with this beginning. */
export function modelUsername({ name, version }: Pick<ModelFile, 'name' | 'version'>): string {
  return `${PREFIX}${name}@${version}`;
}

export function isModel(username: string): boolean {
  return username.startsWith(PREFIX);
}

/** A model as a reader among readers. */
export function modelReader(model: Pick<ModelFile, 'name' | 'version' | 'title'>): Person {
  const displayName = `${model.title} ${model.version}`;
  return { username: modelUsername(model), displayName, initials: 'AI', colour: COLOUR };
}
