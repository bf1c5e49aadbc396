import type { Case, Project, ProtocolContent, Read, Revision } from '@voxcord/schemas/api';
import { defaultProtocol } from '@voxcord/schemas/protocol';
import type { Dims } from '@voxcord/schemas/labelmap';
import type { Caller, Served } from '../../http/testService.js';
import type { NiftiRecipe } from '../../imaging/niftiFile.js';
import { RoomClient } from './roomClient.js';

export const PASSPHRASE = 'a long passphrase of this person';
export const DIMS: Dims = [12, 10, 8];

/** A protocol that can be locked: three blind readers, one structure and one kind of lesion. */
export function protocolContent(changes: Partial<ProtocolContent> = {}): ProtocolContent {
  const codes = [{ scheme: 'SCT', value: '10200004', meaning: 'Liver' }];
  return {
    ...defaultProtocol('Liver tumours', [
      { number: 1, name: 'Liver', colour: '#8c564b', codes, retired: false },
      { number: 2, name: 'Tumour', colour: '#d62728', codes, retired: false }
    ]),
    ...changes
  };
}

/** Its lesions have the code of the nodules that the model `threshold` labels. */
export function withNodules(content: ProtocolContent): ProtocolContent {
  const codes = [{ scheme: 'SCT', value: '27925004', meaning: 'Nodule' }];
  return { ...content, segments: content.segments.map(each => (each.kind === 'lesion' ? { ...each, codes } : each)) };
}

/** What signs as this person. */
export function signing(passphrase = PASSPHRASE): { meaning: string; passphrase: string } {
  return { meaning: 'authorship', passphrase };
}

/** A project with a locked protocol, its people and one case. */
export class Study {
  private constructor(
    readonly service: Served,
    readonly lead: Caller,
    readonly project: Project,
    readonly case_: Case
  ) {}

  /**
   * `roles`: of everybody but the lead, by name. All of them have been here and can sign.
   * `recipe`: of the image of the case.
   */
  static async start(
    service: Served,
    roles: Readonly<Record<string, string>>,
    content: ProtocolContent = protocolContent(),
    recipe: NiftiRecipe = { dims: DIMS }
  ): Promise<Study> {
    const lead = service.as('lead', 'Lea Lead');
    await choosePassphrase(lead);
    const project = await lead.project({ title: 'Study', everyone: null });
    const study = new Study(service, lead, project, await newCase(lead, project, recipe));
    for (const [username, role] of Object.entries(roles)) {
      await choosePassphrase(service.as(username));
      await study.setRole(username, role);
    }
    await study.lock(content);
    return study;
  }

  as(username: string): Caller {
    return username === 'lead' ? this.lead : this.service.as(username);
  }

  async setRole(username: string, role: string): Promise<void> {
    const params = { projectId: this.project.id, username };
    await this.lead.call('setMember', { params, body: { role } });
  }

  async lock(content: ProtocolContent): Promise<void> {
    const params = { projectId: this.project.id };
    const { edition } = await this.lead.call('saveProtocolDraft', { params, body: { edition: null, content } });
    await this.lead.call('lockProtocol', { params, body: { edition, signing: signing() } });
  }

  async assign(readers: readonly string[], more: object = {}, by: Caller = this.lead): Promise<Read[]> {
    return by.call('assignReaders', {
      params: { caseId: this.case_.id },
      body: { readers, due: null, repeat: false, ...more }
    });
  }

  /** Another case, which these people have read: they painted by chance and submitted. Answers its id. */
  async finishedCase(readers: readonly string[]): Promise<string> {
    const { id: caseId } = await newCase(this.lead, this.project, { dims: DIMS }, 'Case 2');
    const body = { readers, due: null, repeat: false };
    await this.lead.call('assignReaders', { params: { caseId }, body });
    for (const [seed, username] of readers.entries()) {
      const { id } = await this.begin(username);
      const room = await RoomClient.join(this.as(username), `read:${id}`, { dims: DIMS });
      room.paint(seed);
      await room.saved();
      await room.leave();
      await this.submit(username);
    }
    return caseId;
  }

  /** Their newest read in this study that is not submitted. */
  async readOf(username: string): Promise<Read> {
    const mine = await this.as(username).call('listMyReads');
    const read = mine.find(({ read: { state }, projectId }) => projectId === this.project.id && state !== 'submitted');
    if (read === undefined) throw new Error(`${username} has nothing to read`);
    return read.read;
  }

  async begin(username: string): Promise<Read> {
    const { id } = await this.readOf(username);
    return this.as(username).call('beginRead', { params: { readId: id } });
  }

  async submit(username: string, remark?: string): Promise<Revision> {
    const { id } = await this.readOf(username);
    const body = { signing: signing(), ...(remark === undefined ? {} : { remark }) };
    return this.as(username).call('submitRead', { params: { readId: id }, body });
  }

  /** What somebody is told of the reads of the case: of whom, in which state, and whether it can be seen. */
  async seenBy(username: string): Promise<string[]> {
    const { reads } = await this.as(username).call('getCase', { params: { caseId: this.case_.id } });
    return reads.map(({ reader, state, mayView, mayWrite }) =>
      [reader.username, state, ...(mayView ? ['view'] : []), ...(mayWrite ? ['write'] : [])].join(' ')
    );
  }

  /** Actions of the audit log, oldest first. */
  async actions(): Promise<string[]> {
    const events = await this.lead.call('listAuditEvents', { params: { projectId: this.project.id } });
    return events.map(({ action }) => action);
  }
}

export async function choosePassphrase(caller: Caller): Promise<void> {
  const { keyId } = await caller.call('getSigningKey');
  if (keyId === null) await caller.call('setPassphrase', { body: { passphrase: PASSPHRASE } });
}

async function newCase(lead: Caller, { id: projectId }: Project, recipe: NiftiRecipe, title = 'Case 1'): Promise<Case> {
  const hash = await lead.volume(recipe);
  return lead.call('createCase', { params: { projectId }, body: { title, volumes: [hash] } });
}
