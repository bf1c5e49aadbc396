import type { TranslationBundle } from '@jupyterlab/translation';
import { ReactWidget, UseSignal } from '@jupyterlab/ui-components';
import type { CommandRegistry } from '@lumino/commands';
import type { JSX } from 'react';
import type { VoxcordApi } from '../client/index.js';
import { CommandIDs } from '../commandIds.js';
import { saveDownload } from './downloads.js';
import { EvaluationModel, type Wanted } from './evaluationModel.js';
import { EvaluationPage } from './evaluationPage.js';
import type { LesionPartProps } from './lesionPart.js';

export interface EvaluationDocumentOptions {
  readonly api: VoxcordApi;
  readonly commands: CommandRegistry;
  readonly projectId: string;
  readonly wanted: Wanted;
  readonly onOpen: LesionPartProps['onOpen'];
  readonly trans: TranslationBundle;
}

/** Readers of a project against its releases, as a page. */
export class EvaluationDocument extends ReactWidget {
  readonly model: EvaluationModel;

  constructor(private readonly options: EvaluationDocumentOptions) {
    super();
    this.model = new EvaluationModel(options.api, options.projectId, options.wanted);
    this.addClass('voxcord-Release');
    this.node.tabIndex = -1;
  }

  override dispose(): void {
    if (this.isDisposed) return;
    this.model.dispose();
    super.dispose();
  }

  protected override onActivateRequest(): void {
    this.node.focus({ preventScroll: true });
  }

  protected override render(): JSX.Element {
    const { model, options } = this;
    const { commands, onOpen, trans } = options;
    return (
      <UseSignal signal={model.changed}>
        {() => (
          <EvaluationPage
            model={model}
            onOpen={onOpen}
            onOpenRelease={release => void commands.execute(CommandIDs.openRelease, { release })}
            onDownload={saveDownload}
            trans={trans}
          />
        )}
      </UseSignal>
    );
  }
}
