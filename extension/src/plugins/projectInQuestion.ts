import type { TranslationBundle } from '@jupyterlab/translation';
import type { CommandRegistry } from '@lumino/commands';
import type { ReadonlyJSONObject } from '@lumino/coreutils';
import type { CaseInFront } from '../case/caseInFront.js';
import { CommandIDs } from '../commandIds.js';
import type { VoxcordService } from '../service/voxcordService.js';
import { tellNews } from '../ui/notices.js';

/** Which project a command is about, when it may be named, or be clear from what is open. */
export class ProjectInQuestion {
  constructor(
    private readonly service: VoxcordService,
    private readonly commands: CommandRegistry,
    private readonly front: CaseInFront,
    private readonly trans: TranslationBundle
  ) {}

  /** Schema of the argument that names it. */
  get argument(): ReadonlyJSONObject {
    return { type: 'string', description: this.trans.__('Id of the project; otherwise that of the case in front') };
  }

  /**
   * The project that is named, that of the case in front, or the only one that there is. Null if it is not clear: then
   * the list of projects is shown.
   */
  async find(named: unknown): Promise<string | null> {
    if (typeof named === 'string') return named;
    const inFront = this.front.view?.model.case?.projectId;
    if (inFront !== undefined) return inFront;
    const projects = await this.service.api.call('listProjects', {});
    if (projects.length === 1) return projects[0]?.id ?? null;
    await this.commands.execute(CommandIDs.openHome);
    tellNews(this.trans.__('Choose the project: open one of its cases, or its protocol.'));
    return null;
  }
}
