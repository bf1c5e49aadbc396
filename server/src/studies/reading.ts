import type { Projects } from '../projects/projects.js';
import { readCase, readProject, readRead } from '../projects/records.js';
import type { Store } from '../store/store.js';
import { ProjectAudit } from '../truth/index.js';
import { Assignments } from './assignments.js';
import { AuditTrail } from './auditTrail.js';
import { Blindness } from './blindness.js';
import { FixedLabelMaps } from './fixedLabelMaps.js';
import { Journal } from './journal.js';
import { Members } from './members.js';
import { OneAtATime } from './oneAtATime.js';
import type { People } from './people.js';
import { protocolKey } from './protocolVersions.js';
import { Protocols } from './protocols.js';
import { ReadLife, type SealPort } from './readLife.js';
import { ReadOrigins } from './readOrigins.js';
import { readProtocol, readSigningKey } from './records.js';
import { ReleasedCases } from './releasedCases.js';
import { Revisions } from './revisions.js';
import { RightsRefresh, type LiveRightsPort, type RoomRightsPort } from './rightsRefresh.js';
import { openServiceKey } from './serviceKey.js';
import { Signing } from './signing.js';
import { Strata } from './strata.js';

/** The reading half of a study: protocol, people, reads, revisions, signatures, audit log. */
export interface Reading {
  readonly people: People;
  readonly signing: Signing;
  readonly protocols: Protocols;
  readonly members: Members;
  readonly assignments: Assignments;
  readonly reads: ReadLife;
  readonly revisions: Revisions;
  readonly origins: ReadOrigins;
  readonly strata: Strata;
  readonly trail: AuditTrail;
  readonly journal: Journal;
  readonly blindness: Blindness;
  readonly released: ReleasedCases;
  readonly refresh: RightsRefresh;
  readonly turns: OneAtATime;
}

export interface ReadingParts {
  readonly store: Store;
  readonly projects: Projects;
  readonly people: People;
  readonly rooms: RoomRightsPort & SealPort;
  readonly live: LiveRightsPort;
  readonly now: () => Date;
}

/** Puts the parts together, once what an earlier run could not tell the audit log is told. */
export async function openReading({ store, projects, people, rooms, live, now }: ReadingParts): Promise<Reading> {
  const { catalogue } = store;
  const { access } = projects;
  const turns = new OneAtATime();
  const audit = new ProjectAudit(store, now);
  const journal = new Journal(catalogue, audit, turns);
  await recover(journal);
  const signing = new Signing(catalogue, journal, turns, await openServiceKey(catalogue, now), now);
  const refresh = new RightsRefresh(catalogue, access, rooms, live);
  const blindness = new Blindness(catalogue, access);
  const revisions = new Revisions(catalogue, access, projects.volumes);
  return {
    people,
    signing,
    journal,
    blindness,
    refresh,
    revisions,
    turns,
    released: new ReleasedCases(store),
    protocols: new Protocols(catalogue, access, journal, turns, signing, refresh, now),
    members: new Members(access, people, journal, blindness, refresh),
    assignments: new Assignments(catalogue, access, people, journal, turns, blindness, refresh, now),
    reads: new ReadLife(
      catalogue,
      access,
      journal,
      turns,
      signing,
      revisions,
      new FixedLabelMaps(store),
      rooms,
      refresh,
      now
    ),
    origins: new ReadOrigins(access, people),
    strata: new Strata(access, journal, blindness),
    trail: new AuditTrail(access, audit, blindness)
  };
}

async function recover(journal: Journal): Promise<void> {
  await journal.recover('project', readProject, value => readProject(value).id);
  await journal.recover('case', readCase, value => readCase(value).id);
  await journal.recover('read', readRead, value => readRead(value).id);
  await journal.recover('signing-key', readSigningKey, value => readSigningKey(value).username);
  await journal.recover('protocol', readProtocol, value => {
    const { projectId, version } = readProtocol(value);
    return protocolKey(projectId, version);
  });
}
