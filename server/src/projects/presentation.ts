import type { Case, Project, Read } from '@voxcord/schemas/api';
import type { ReadRights } from '../access/matrix.js';
import type { SeenCase, SeenProject } from './projectAccess.js';
import type { StoredRead, StoredVolume } from './records.js';

/** What somebody is told of a project. */
export function presentProject({ project, role, rights, protocol }: SeenProject, username: string): Project {
  const { id, title, description, members, everyone, createdAt, createdBy } = project;
  return {
    id,
    title,
    description,
    segments: protocol === null ? project.segments : segmentsOf(protocol),
    members: rights.maySeeMembers ? members : members.filter(member => member.username === username),
    everyone,
    protocol: protocol === null ? null : { version: protocol.version, blind: protocol.content.readers.blind },
    myRole: role,
    createdAt,
    createdBy
  };
}

/** What somebody is told of a case: only reads that they may know of. */
export function presentCase({ case_, reads, view }: SeenCase, volumes: readonly StoredVolume[]): Case {
  return {
    id: case_.id,
    projectId: case_.projectId,
    title: case_.title,
    volumes: volumes.map(({ volume }) => volume),
    reads: reads.flatMap(read => {
      const rights = view.rightsTo(read);
      return rights.mayKnow ? [presentRead(read, rights)] : [];
    }),
    createdAt: case_.createdAt
  };
}

export function presentRead(read: StoredRead, { mayView, mayWrite }: ReadRights): Read {
  return {
    id: read.id,
    caseId: read.caseId,
    title: read.title,
    access: read.access,
    purpose: read.purpose,
    reader: read.reader,
    state: read.state,
    due: read.due,
    protocolVersion: read.protocol?.version ?? null,
    revisions: read.revisions.length,
    volume: read.volume,
    repeat: read.repeatOf !== null,
    mayView,
    mayWrite,
    createdAt: read.createdAt
  };
}

/** The label schema that a locked protocol asks for. */
export function segmentsOf({ content }: NonNullable<SeenProject['protocol']>): Project['segments'] {
  return content.segments.map(({ number, name, colour, codes }) => ({ number, name, colour, codes, retired: false }));
}
