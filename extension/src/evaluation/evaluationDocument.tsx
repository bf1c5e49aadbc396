import type { TranslationBundle } from '@jupyterlab/translation';
import type { CommandRegistry } from '@lumino/commands';
import type { ReactNode } from 'react';
import type { VoxcordApi } from '../client/index.js';
import { CommandIDs } from '../commandIds.js';
import { PageDocument } from '../ui/pageDocument.js';
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
export class EvaluationDocument extends PageDocument<EvaluationModel> {
  constructor(private readonly options: EvaluationDocumentOptions) {
    super(new EvaluationModel(options.api, options.projectId, options.wanted));
    this.addClass('voxcord-Release');
  }

  protected override draw(): ReactNode {
    const { model, options } = this;
    const { commands, onOpen, trans } = options;
    return (
      <EvaluationPage
        model={model}
        onOpen={onOpen}
        onOpenRelease={release => void commands.execute(CommandIDs.openRelease, { release })}
        onDownload={saveDownload}
        trans={trans}
      />
    );
  }
}
