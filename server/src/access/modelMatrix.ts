import type { Role } from '@voxcord/schemas/api';

/*
 * Who may change which models there are. Beside `matrix.ts`, and like it the only place. Everybody who is signed in may see
 * them; who may run one on a case is in `truthMatrix.ts`.
 */

/** Models are for all projects: whoever is trusted with one may add some. Nobody removes what somebody else has added. */
export function mayAddModels(roles: readonly Role[]): boolean {
  return roles.includes('manager');
}

/** @param uploadedBy null: the folder was put there by whoever runs the service, who removes it in the same way. */
export function mayRemoveModel(uploadedBy: string | null, username: string): boolean {
  return uploadedBy === username;
}
