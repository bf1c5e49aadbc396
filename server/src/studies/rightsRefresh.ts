import type { RoomName } from '@voxcord/schemas/rooms';
import type { ProjectAccess } from '../projects/projectAccess.js';
import { readCase } from '../projects/records.js';
import type { Catalogue } from '../store/store.js';

/** What is asked of the rooms: to find out anew who may be where. */
export interface RoomRightsPort {
  refreshRights(name: RoomName): Promise<void>;
}

/** What is asked of live consensus: to find out anew who may watch, and what it is made of. */
export interface LiveRightsPort {
  refresh(caseId: string): Promise<void>;
}

/** Lets open rooms and live consensus know at once that somebody's rights, or the reads of a case, have changed. */
export class RightsRefresh {
  constructor(
    private readonly catalogue: Catalogue,
    private readonly access: ProjectAccess,
    private readonly rooms: RoomRightsPort,
    private readonly live: LiveRightsPort
  ) {}

  /** In a case the reads decide together who sees which: all its rooms are asked. */
  async case_(caseId: string): Promise<void> {
    await this.live.refresh(caseId);
    const reads = await this.access.readsOf(caseId);
    await this.rooms.refreshRights({ kind: 'case', id: caseId });
    for (const { id } of reads) await this.rooms.refreshRights({ kind: 'read', id });
  }

  async project(projectId: string): Promise<void> {
    for (const case_ of (await this.catalogue.list('case', projectId)).map(readCase)) await this.case_(case_.id);
  }
}
