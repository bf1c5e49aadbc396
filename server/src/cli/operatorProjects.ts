import { Projects } from '../projects/projects.js';
import type { Store } from '../store/store.js';

/** Projects as the command line makes them: open to everybody who is signed in. */
export function operatorProjects(store: Store): Projects {
  return new Projects(store, { everyone: 'reader' });
}
