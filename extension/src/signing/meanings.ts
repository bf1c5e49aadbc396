import type { TranslationBundle } from '@jupyterlab/translation';
import type { SignatureMeaning } from '@voxcord/schemas/api';

/** What a signature says, in one word and in the words of the person who signs. */
export interface MeaningText {
  readonly meaning: SignatureMeaning;
  readonly word: string;
  readonly sentence: string;
}

export function meaningTexts(trans: TranslationBundle): readonly MeaningText[] {
  return [
    { meaning: 'authorship', word: trans.__('Authorship'), sentence: trans.__('I made this.') },
    { meaning: 'review', word: trans.__('Review'), sentence: trans.__('I have checked this.') },
    { meaning: 'approval', word: trans.__('Approval'), sentence: trans.__('I approve of this for its use.') },
    { meaning: 'responsibility', word: trans.__('Responsibility'), sentence: trans.__('I answer for this.') }
  ];
}

export function meaningWord(meaning: SignatureMeaning, trans: TranslationBundle): string {
  return meaningTexts(trans).find(text => text.meaning === meaning)?.word ?? meaning;
}
