import { createHash } from 'node:crypto';
import type { Person } from '@voxcord/schemas/api';
import type { RoomName } from '@voxcord/schemas/rooms';
import type { Authorise, RoomInitial, RoomRights } from '../rooms/roomTypes.js';
import { StudyError } from '../studies/errors.js';
import { ProjectError } from './errors.js';
import type { Projects } from './projects.js';

/** Decides at the socket who may join a room, by the same matrix as everything else. */
export function authoriseRooms(projects: Projects): Authorise {
  return async (person, room): Promise<RoomRights> => {
    try {
      return await (room.kind === 'case' ? caseRights(projects, person, room) : readRights(projects, person, room));
    } catch (error) {
      if (error instanceof StudyError) return { mayJoin: false, code: 4403 };
      if (error instanceof ProjectError) return { mayJoin: false, code: error.code === 'access.denied' ? 4403 : 4404 };
      throw error;
    }
  };
}

async function caseRights({ access }: Projects, person: Person, room: RoomName): Promise<RoomRights> {
  const { rights: inProject, view } = await access.case_(person, room.id);
  const rights = { mayJoin: true, mayWrite: inProject.mayDiscuss } as const;
  return view.meetsOthers ? rights : { ...rights, room: roomForOne(room, person) };
}

async function readRights(projects: Projects, person: Person, room: RoomName): Promise<RoomRights> {
  const { read, readRights: rights } = await projects.access.viewableRead(person, room.id);
  return { mayJoin: true, mayWrite: rights.mayWrite, initial: await projects.initialOf(read) };
}

/**
 * A room of the same kind that one person has to themselves: another document, other people, another history. So nothing
 * that others do in the room of the case can reach them, whatever the rooms come to do.
 */
function roomForOne({ kind, id }: RoomName, { username }: Person): RoomName {
  const digest = createHash('sha256').update(`${kind}:${id}\n${username}`).digest('hex');
  const parts = [digest.slice(0, 8), digest.slice(8, 12), digest.slice(12, 16), digest.slice(16, 20)];
  return { kind, id: [...parts, digest.slice(20, 32)].join('-') };
}

/** What a read's document starts with, for the service itself; null if there is no such read. */
export function roomInitials(projects: Projects): (room: RoomName) => Promise<RoomInitial | null> {
  return async room => {
    const read = room.kind === 'read' ? await projects.access.findRead(room.id) : null;
    return read === null ? null : projects.initialOf(read);
  };
}
