import { type ITranslator, type TranslationBundle, nullTranslator } from '@jupyterlab/translation';

/** Texts of Voxcord in the language of this JupyterLab. */
export function bundleOf(translator: ITranslator | null): TranslationBundle {
  return (translator ?? nullTranslator).load('voxcord');
}
