import type { Authorise, RoomRights } from '../rooms/roomTypes.js';
import { projectRights, readRights } from '../access/matrix.js';
import { ProjectError } from './errors.js';
import type { Projects } from './projects.js';

/** Decides at the socket who may join a room, by the same matrix as everything else. */
export function authoriseRooms(projects: Projects): Authorise {
  return async (person, room): Promise<RoomRights> => {
    try {
      if (room.kind === 'case') {
        const { role } = await projects.caseFor(person, room.id);
        return { mayJoin: true, mayWrite: projectRights(role).mayStartRead };
      }
      const { read, role } = await projects.readFor(person, room.id);
      const { volume } = await projects.volumes.get(read.volume);
      return {
        mayJoin: true,
        mayWrite: readRights(role, read, person.username).mayWrite,
        initial: { volume: read.volume, dims: volume.grid.dims, segments: read.segments }
      };
    } catch (error) {
      if (error instanceof ProjectError) return { mayJoin: false, code: error.code === 'access.denied' ? 4403 : 4404 };
      throw error;
    }
  };
}
