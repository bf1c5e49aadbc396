import { MainAreaWidget } from '@jupyterlab/apputils';
import { ABCWidgetFactory, type DocumentRegistry, DocumentWidget } from '@jupyterlab/docregistry';
import { parseCaseFile } from '@voxcord/schemas/files';
import { CaseView, type CaseViewOptions } from './caseView.js';

export type CaseSurroundings = Pick<CaseViewOptions, 'service' | 'memory' | 'trans'>;

/** A case that is opened by its address and not by a file. `readId`: the read to join; null: the usual one. */
export function newCaseWidget(
  caseId: string,
  surroundings: CaseSurroundings,
  readId: string | null
): MainAreaWidget<CaseView> {
  const content = new CaseView({ ...surroundings, address: caseId, path: null, readId });
  return new MainAreaWidget({ content });
}

/** Opens `.voxcord` files. The file says which case; everything else comes from the service. */
export class CaseWidgetFactory extends ABCWidgetFactory<DocumentWidget<CaseView>> {
  constructor(
    private readonly surroundings: CaseSurroundings,
    options: DocumentRegistry.IWidgetFactoryOptions<DocumentWidget<CaseView>>
  ) {
    super(options);
  }

  protected override createNewWidget(context: DocumentRegistry.Context): DocumentWidget<CaseView> {
    const address = async (): Promise<string> => {
      await context.ready;
      return parseCaseFile(context.model.toString()).case;
    };
    const content = new CaseView({ ...this.surroundings, address, path: context.path, readId: null });
    return new DocumentWidget({ content, context });
  }
}
