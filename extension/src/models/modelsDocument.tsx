import type { IRenderMimeRegistry } from '@jupyterlab/rendermime';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { CommandRegistry } from '@lumino/commands';
import type { ReactNode } from 'react';
import type { VoxcordApi } from '../client/index.js';
import { PageDocument } from '../ui/pageDocument.js';
import { isBlinded } from './blindness.js';
import { ModelsPage } from './modelsPage.js';
import { ModelsPageModel, type Wanted } from './modelsPageModel.js';
import { obstacle } from './obstacles.js';
import type { VoxcordModels } from './voxcordModels.js';

export interface ModelsDocumentOptions {
  readonly api: VoxcordApi;
  readonly models: VoxcordModels;
  readonly commands: CommandRegistry;
  /** Renders model cards; null: they are shown as they are written. */
  readonly rendermime: IRenderMimeRegistry | null;
  readonly trans: TranslationBundle;
}

/** The models that can be run, running them, and what became of it. */
export class ModelsDocument extends PageDocument<ModelsPageModel> {
  constructor(private readonly options: ModelsDocumentOptions) {
    const { api, models, trans } = options;
    super(
      new ModelsPageModel(api, models, (model, on) =>
        isBlinded(on, this.model.jobs?.username ?? '')
          ? trans.__('You have still to read it on your own: submit your read first.')
          : obstacle(model, on, trans)
      )
    );
    this.addClass('voxcord-Models');
  }

  /** The jobs of this project are on show. */
  shows(projectId: string): boolean {
    return this.model.project?.id === projectId;
  }

  /** Shows what somebody came for; the form to run it takes the focus if that is a case or a model. */
  lookFor(wanted: Wanted): void {
    void this.model.open(wanted).then(() => {
      if (wanted.caseId !== null || wanted.model !== null) this.focusForm();
    });
  }

  protected override look(): void {
    void this.model.look();
  }

  protected override draw(): ReactNode {
    const { model, options } = this;
    const { commands, rendermime, trans } = options;
    return (
      <ModelsPage
        model={model}
        commands={commands}
        rendermime={rendermime}
        onRun={() => this.focusForm()}
        trans={trans}
      />
    );
  }

  private focusForm(): void {
    requestAnimationFrame(() => {
      const form = this.node.querySelector<HTMLElement>('.voxcord-RunForm');
      form?.scrollIntoView({ block: 'nearest' });
      form?.querySelector<HTMLElement>('select, input, button')?.focus({ preventScroll: true });
    });
  }
}
