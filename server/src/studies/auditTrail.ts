import type { AuditEvent, Person } from '@voxcord/schemas/api';
import type { AuditEntry } from '@voxcord/schemas/files';
import { denied, type ProjectAccess } from '../projects/projectAccess.js';
import type { ProjectAudit } from '../truth/index.js';
import type { Blindness } from './blindness.js';

const MOST_EVENTS = 500;

/** The audit log of a project, for its managers. */
export class AuditTrail {
  constructor(
    private readonly access: ProjectAccess,
    private readonly audit: ProjectAudit,
    private readonly blindness: Blindness
  ) {}

  async list(person: Person, projectId: string, after: number): Promise<AuditEvent[]> {
    const { rights } = await this.access.project(person, projectId);
    if (!rights.mayManage) throw denied('see the audit log');
    await this.blindness.refuseIn(person, projectId);
    const events: AuditEvent[] = [];
    for await (const entries of this.audit.read(projectId, after)) {
      events.push(...entries.map(present));
      if (events.length >= MOST_EVENTS) break;
    }
    return events.slice(0, MOST_EVENTS);
  }
}

function present(entry: AuditEntry): AuditEvent {
  const { sequence, previous, hash, time, actor, action, subject, clock, details } = entry;
  return {
    sequence,
    previous,
    hash,
    time,
    actor: actor.kind === 'person' ? actor.username : 'service',
    action,
    subject: `${subject.kind}:${subject.id}`,
    clockBehind: clock === 'set-back',
    details
  };
}
