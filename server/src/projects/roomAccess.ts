import type { RoomName } from '@voxcord/schemas/rooms';
import type { Authorise, RoomInitial, RoomRights } from '../rooms/roomTypes.js';
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
      return {
        mayJoin: true,
        mayWrite: readRights(role, read, person.username).mayWrite,
        initial: await projects.initialOf(read)
      };
    } catch (error) {
      if (error instanceof ProjectError) return { mayJoin: false, code: error.code === 'access.denied' ? 4403 : 4404 };
      throw error;
    }
  };
}

/** What a read's document starts with, for the service itself; null if there is no such read. */
export function roomInitials(projects: Projects): (room: RoomName) => Promise<RoomInitial | null> {
  return async room => {
    const read = room.kind === 'read' ? await projects.findRead(room.id) : null;
    return read === null ? null : projects.initialOf(read);
  };
}
