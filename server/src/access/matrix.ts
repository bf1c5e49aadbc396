import type { ReadAccess, ReadState, Role } from '@voxcord/schemas/api';

/*
 * Who may do what: role x state, in one place. Nothing else decides.
 */

/** What somebody may do in a project. */
export interface ProjectRights {
  readonly mayStartCase: boolean;
  readonly mayStartRead: boolean;
}

/** What somebody may do with one read. */
export interface ReadRights {
  /** Know that it exists, join its room, measure it. */
  readonly mayView: boolean;
  /** Paint in it and change its segments. */
  readonly mayWrite: boolean;
}

const PROJECT: Readonly<Record<Role, ProjectRights>> = {
  viewer: { mayStartCase: false, mayStartRead: false },
  reader: { mayStartCase: true, mayStartRead: true },
  adjudicator: { mayStartCase: true, mayStartRead: true },
  manager: { mayStartCase: true, mayStartRead: true }
};

/** Reads that somebody may know of: shared ones, and one's own blind ones. */
const READ: Readonly<Record<ReadState, Readonly<Record<Role, ReadRights>>>> = {
  assigned: {
    viewer: { mayView: true, mayWrite: false },
    reader: { mayView: true, mayWrite: false },
    adjudicator: { mayView: true, mayWrite: false },
    manager: { mayView: true, mayWrite: false }
  },
  open: {
    viewer: { mayView: true, mayWrite: false },
    reader: { mayView: true, mayWrite: true },
    adjudicator: { mayView: true, mayWrite: true },
    manager: { mayView: true, mayWrite: true }
  },
  submitted: {
    viewer: { mayView: true, mayWrite: false },
    reader: { mayView: true, mayWrite: false },
    adjudicator: { mayView: true, mayWrite: false },
    manager: { mayView: true, mayWrite: false }
  }
};

const NOTHING: ReadRights = { mayView: false, mayWrite: false };

export interface Membership {
  readonly members: readonly { readonly username: string; readonly role: Role }[];
  /** Role of everybody who is signed in and not a member. */
  readonly everyone: Role | null;
}

/** Somebody's role in a project; null: the project does not exist for them. */
export function roleIn(project: Membership, username: string): Role | null {
  return project.members.find(member => member.username === username)?.role ?? project.everyone;
}

export function projectRights(role: Role): ProjectRights {
  return PROJECT[role];
}

export interface ReadInQuestion {
  readonly access: ReadAccess;
  readonly state: ReadState;
  readonly reader: { readonly username: string };
}

export function readRights(role: Role | null, read: ReadInQuestion, username: string): ReadRights {
  if (role === null) return NOTHING;
  // Somebody else's blind read does not exist, whatever one's role.
  return read.access === 'shared' || read.reader.username === username ? READ[read.state][role] : NOTHING;
}
