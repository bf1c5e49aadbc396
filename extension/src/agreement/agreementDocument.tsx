import type { TranslationBundle } from '@jupyterlab/translation';
import type { CommandRegistry } from '@lumino/commands';
import { type ISignal, Signal } from '@lumino/signaling';
import type { Project, ProjectAgreement } from '@voxcord/schemas/api';
import type { ReactNode } from 'react';
import { type VoxcordApi, isAbort } from '../client/index.js';
import { CommandIDs } from '../commandIds.js';
import { LoadFailed } from '../ui/loadFailed.js';
import { PageDocument } from '../ui/pageDocument.js';
import { AgreementPage } from './agreementPage.js';

/** How far the readers of a project agree. */
export class AgreementModel {
  agreement: ProjectAgreement | null = null;
  project: Project | null = null;
  error: unknown = null;
  private readonly loading = new AbortController();
  private readonly _changed = new Signal<this, void>(this);

  constructor(
    private readonly api: VoxcordApi,
    readonly projectId: string
  ) {
    void this.load();
  }

  get changed(): ISignal<this, void> {
    return this._changed;
  }

  async load(): Promise<void> {
    const { signal } = this.loading;
    const params = { projectId: this.projectId };
    this.error = null;
    try {
      [this.project, this.agreement] = await Promise.all([
        this.api.call('getProject', { params }, signal),
        this.api.call('getProjectAgreement', { params }, signal)
      ]);
    } catch (error) {
      if (signal.aborted || isAbort(error)) return;
      this.error = error;
    }
    this._changed.emit();
  }

  dispose(): void {
    this.loading.abort();
    Signal.clearData(this);
  }
}

export interface AgreementDocumentOptions {
  readonly api: VoxcordApi;
  readonly commands: CommandRegistry;
  readonly projectId: string;
  readonly trans: TranslationBundle;
}

/** Agreement over the cases of a project, as a page to read. */
export class AgreementDocument extends PageDocument<AgreementModel> {
  constructor(private readonly options: AgreementDocumentOptions) {
    super(new AgreementModel(options.api, options.projectId));
    this.addClass('voxcord-Release');
  }

  protected override draw(): ReactNode {
    const { model, options } = this;
    const { trans, commands } = options;
    const { agreement, project, error } = model;
    if (error !== null) {
      return <LoadFailed error={error} onRetry={() => void model.load()} trans={trans} />;
    }
    if (agreement === null || project === null) {
      return <p className="voxcord-Spinner">{trans.__('Looking how far readers agree…')}</p>;
    }
    return (
      <AgreementPage
        agreement={agreement}
        project={project}
        onOpenCase={(caseId, lesion) =>
          void commands.execute(CommandIDs.openReview, {
            case: caseId,
            ...(lesion === null ? {} : { lesion })
          })
        }
        onRefresh={() => void model.load()}
        trans={trans}
      />
    );
  }
}
