import type { IRenderMimeRegistry } from '@jupyterlab/rendermime';
import type { TranslationBundle } from '@jupyterlab/translation';
import { ReactWidget, UseSignal } from '@jupyterlab/ui-components';
import type { CommandRegistry } from '@lumino/commands';
import type { Message } from '@lumino/messaging';
import type { JSX } from 'react';
import type { VoxcordApi } from '../client/index.js';
import { LookAgain } from '../ui/lookAgain.js';
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
export class ModelsDocument extends ReactWidget {
  readonly model: ModelsPageModel;
  private readonly lookAgain: LookAgain;

  constructor(private readonly options: ModelsDocumentOptions) {
    super();
    const { api, models, trans } = options;
    this.model = new ModelsPageModel(api, models, (model, on) =>
      isBlinded(on, this.model.jobs?.username ?? '')
        ? trans.__('You have still to read it on your own: submit your read first.')
        : obstacle(model, on, trans)
    );
    this.addClass('voxcord-Models');
    this.node.tabIndex = -1;
    this.lookAgain = new LookAgain(() => {
      if (this.isVisible) void this.model.look();
    });
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

  override dispose(): void {
    if (this.isDisposed) return;
    this.lookAgain.dispose();
    this.model.dispose();
    super.dispose();
  }

  protected override onAfterShow(message: Message): void {
    super.onAfterShow(message);
    void this.model.look();
  }

  protected override onActivateRequest(message: Message): void {
    super.onActivateRequest(message);
    this.node.focus({ preventScroll: true });
  }

  protected override render(): JSX.Element {
    const { model, options } = this;
    const { commands, rendermime, trans } = options;
    return (
      <UseSignal signal={model.changed}>
        {() => (
          <ModelsPage
            model={model}
            commands={commands}
            rendermime={rendermime}
            onRun={() => this.focusForm()}
            trans={trans}
          />
        )}
      </UseSignal>
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
