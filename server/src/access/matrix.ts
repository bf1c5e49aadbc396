import type { ReadAccess, ReadPurpose, ReadState, Role } from '@voxcord/schemas/api';

/*
 * Who may do what: role x state, in one place. Nothing else decides.
 */

/** How a project's people work: freely together, or by a locked protocol that hides readers from one another or not. */
export type WayOfWork = 'free' | 'visible' | 'blind';

/** What somebody may do in a project. */
export interface ProjectRights {
  readonly mayStartCase: boolean;
  /** Begin a read that nobody has assigned. */
  readonly mayStartRead: boolean;
  /** Protocol, members, assignments, releases, audit log. */
  readonly mayManage: boolean;
  readonly mayAdjudicate: boolean;
  /** Write in the rooms of cases. */
  readonly mayDiscuss: boolean;
  /** Know who else is in the project. */
  readonly maySeeMembers: boolean;
}

/** What somebody may do with one read. */
export interface ReadRights {
  /** Know that it exists, of whom, in which state and until when. */
  readonly mayKnow: boolean;
  /** Join its room, see and measure what is painted. */
  readonly mayView: boolean;
  /** Paint in it. */
  readonly mayWrite: boolean;
}

/**
 * Where somebody stands in a case because of their own blind reads in it, which a protocol asks for: `free` has none,
 * `blinded` has one that is not submitted, `bound` has submitted all.
 */
export type Standing = 'free' | 'blinded' | 'bound';

/** One read, seen by one person. */
export interface Situation {
  readonly role: Role;
  /** How the project works now, whatever it did when the read began. */
  readonly way: WayOfWork;
  readonly whose: 'own' | 'other';
  readonly purpose: ReadPurpose;
  readonly access: ReadAccess;
  readonly state: ReadState;
  /** Whether a protocol asks for the read. A blind one outside a protocol is its reader's alone, for ever. */
  readonly isUnderProtocol: boolean;
  readonly standing: Standing;
  /** A release holds the case's truth. */
  readonly isReleased: boolean;
  /** An earlier read of one's own, while the repeat of it is not submitted. */
  readonly isForgotten: boolean;
  /** Only somebody who has not read the case may decide here (2+1). */
  readonly needsIndependence: boolean;
  /** The person is one of the readers of the case. */
  readonly hasRead: boolean;
}

export interface Membership {
  readonly members: readonly { readonly username: string; readonly role: Role }[];
  /** Role of everybody who is signed in and not a member. */
  readonly everyone: Role | null;
}

const NOTHING: ReadRights = { mayKnow: false, mayView: false, mayWrite: false };
const KNOW: ReadRights = { mayKnow: true, mayView: false, mayWrite: false };
const VIEW: ReadRights = { mayKnow: true, mayView: true, mayWrite: false };
const WRITE: ReadRights = { mayKnow: true, mayView: true, mayWrite: true };

type ByRole = Readonly<Record<Role, ReadRights>>;
type ByState = Readonly<Record<ReadState, ByRole>>;

const EVERYBODY_KNOWS: ByRole = { viewer: KNOW, reader: KNOW, adjudicator: KNOW, manager: KNOW };
const EVERYBODY_VIEWS: ByRole = { viewer: VIEW, reader: VIEW, adjudicator: VIEW, manager: VIEW };
const ALL_BUT_VIEWERS_WRITE: ByRole = { viewer: VIEW, reader: WRITE, adjudicator: WRITE, manager: WRITE };
const DECIDERS_KNOW: ByRole = { viewer: NOTHING, reader: NOTHING, adjudicator: KNOW, manager: KNOW };
const DECIDERS_VIEW: ByRole = { viewer: NOTHING, reader: NOTHING, adjudicator: VIEW, manager: VIEW };
const DECIDERS_WRITE: ByRole = { viewer: NOTHING, reader: NOTHING, adjudicator: WRITE, manager: WRITE };

/** Nobody looks at a read that was given to somebody who has not begun. */
const OWN: ByState = { assigned: EVERYBODY_KNOWS, open: ALL_BUT_VIEWERS_WRITE, submitted: EVERYBODY_VIEWS };
const SHARED: ByState = OWN;
const VISIBLE: ByState = { assigned: EVERYBODY_KNOWS, open: EVERYBODY_VIEWS, submitted: EVERYBODY_VIEWS };
/** Of others, while no release tells it: readers never, whatever they have submitted themselves. */
const BLIND: ByState = { assigned: DECIDERS_KNOW, open: DECIDERS_KNOW, submitted: DECIDERS_VIEW };
const BLIND_RELEASED: ByState = { assigned: DECIDERS_KNOW, open: DECIDERS_KNOW, submitted: EVERYBODY_VIEWS };
const ADJUDICATION: ByState = { assigned: DECIDERS_KNOW, open: DECIDERS_WRITE, submitted: DECIDERS_VIEW };
const ADJUDICATION_RELEASED: ByState = { ...ADJUDICATION, submitted: EVERYBODY_VIEWS };

const FREELY = { maySeeMembers: true, mayDiscuss: true, mayStartCase: true, mayStartRead: true };

const PROJECT: Readonly<Record<WayOfWork, Readonly<Record<Role, ProjectRights>>>> = {
  free: {
    viewer: rights({ maySeeMembers: true }),
    reader: rights({ ...FREELY }),
    adjudicator: rights({ ...FREELY, mayAdjudicate: true }),
    manager: rights({ ...FREELY, mayAdjudicate: true, mayManage: true })
  },
  visible: byProtocol({ maySeeMembers: true }),
  blind: byProtocol({ maySeeMembers: false })
};

/** Reads are given, not begun: by managers, who also say what is read. */
function byProtocol(forReaders: Partial<ProjectRights>): Readonly<Record<Role, ProjectRights>> {
  return {
    viewer: rights(forReaders),
    reader: rights({ ...forReaders, mayDiscuss: true }),
    adjudicator: rights({ maySeeMembers: true, mayDiscuss: true, mayAdjudicate: true }),
    manager: rights({ maySeeMembers: true, mayDiscuss: true, mayAdjudicate: true, mayManage: true, mayStartCase: true })
  };
}

function rights(allowed: Partial<ProjectRights>): ProjectRights {
  return {
    mayStartCase: false,
    mayStartRead: false,
    mayManage: false,
    mayAdjudicate: false,
    mayDiscuss: false,
    maySeeMembers: false,
    ...allowed
  };
}

/** Somebody's role in a project; null: the project does not exist for them. */
export function roleIn(project: Membership, username: string): Role | null {
  return project.members.find(member => member.username === username)?.role ?? project.everyone;
}

export function projectRights(role: Role, way: WayOfWork): ProjectRights {
  return PROJECT[way][role];
}

export function readRights(situation: Situation): ReadRights {
  const { role, state } = situation;
  if (situation.isForgotten) return NOTHING;
  if (situation.purpose === 'adjudication') return adjudicationRights(situation);
  if (situation.purpose === 'model') return modelRights(situation);
  // Others have painted in a shared read too: it is not even its beginner's own.
  if (situation.whose === 'own' && situation.access !== 'shared') return OWN[state][role];
  // Whoever has still to read on their own does not learn anything of the others, not even that there are any.
  if (situation.standing === 'blinded') return NOTHING;
  if (situation.access === 'blind') {
    if (!situation.isUnderProtocol) return NOTHING;
    return (situation.isReleased ? BLIND_RELEASED : BLIND)[state][role];
  }
  if (isBoundReader(situation)) return NOTHING;
  // What people shared before: whoever is given the case later must not have seen it.
  if (situation.way === 'blind' && !situation.isReleased && !isDecider(role)) return NOTHING;
  return (situation.access === 'shared' ? SHARED : VISIBLE)[state][role];
}

/**
 * In the room of a case people see one another. Where reads are blind, readers are alone there until a release.
 */
export function meetsOthers(role: Role, standing: Standing, hasBlindReads: boolean, isReleased: boolean): boolean {
  if (standing === 'blinded') return false;
  return !hasBlindReads || isReleased || isDecider(role);
}

function adjudicationRights(situation: Situation): ReadRights {
  const { role, state, standing } = situation;
  if (standing === 'blinded') return NOTHING;
  const allowed = (situation.isReleased ? ADJUDICATION_RELEASED : ADJUDICATION)[state][role];
  const isPartial = situation.needsIndependence && situation.hasRead;
  return allowed.mayWrite && isPartial ? VIEW : allowed;
}

/**
 * What a model has labelled is there to be looked at, by whoever may look at a read of somebody else in its place. Once
 * people read blind, one of before is hidden too: whoever is given the case later must not have seen it. Nobody paints in
 * it: it is no read of a person, not even of one who is called like the model.
 */
function modelRights(situation: Situation): ReadRights {
  const { role, way, access, standing, isReleased } = situation;
  if (standing === 'blinded' || isBoundReader(situation)) return NOTHING;
  if (access === 'blind' || way === 'blind') return (isReleased ? BLIND_RELEASED : BLIND).submitted[role];
  return VISIBLE.submitted[role];
}

/** A reader who has submitted and could be asked to read again: what others painted stays hidden until the release. */
function isBoundReader({ standing, role, isReleased }: Situation): boolean {
  return standing === 'bound' && !isReleased && !isDecider(role);
}

function isDecider(role: Role): boolean {
  return role === 'adjudicator' || role === 'manager';
}
