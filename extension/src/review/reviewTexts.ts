import type { TranslationBundle } from '@jupyterlab/translation';
import type { Change, Choice, ConsensusRules, Dispute, RegionRule, ShapeMethod } from '@voxcord/schemas/api';
import { threeDigits } from '../ui/numbers.js';
import { decided } from './disputeOrder.js';

/** `ofLesions`: the shape of lesions is agreed on one by one. */
export function methodName(id: ShapeMethod['id'], trans: TranslationBundle, ofLesions = false): string {
  switch (id) {
    case 'vote.kofn':
      return trans.__('Majority vote');
    case 'staple.binary.itk':
      return ofLesions ? trans.__('STAPLE per lesion') : trans.__('STAPLE, one by one');
    case 'staple.multilabel.f64':
      return trans.__('STAPLE, all at once');
    case 'staple.map':
      return trans.__('STAPLE with priors (MAP)');
    case 'sba':
      return trans.__('Shape-based averaging');
  }
}

export function regionName(region: RegionRule, trans: TranslationBundle): string {
  switch (region.rule) {
    case 'whole':
      return trans.__('Whole image');
    case 'union':
      return trans.__('Union of the reads');
    case 'margin':
      return trans.__('Union + %1 mm', threeDigits(region.millimetres));
  }
}

/** Rules of a consensus in a line: for captions and lists of drafts. */
export function rulesText(rules: ConsensusRules, trans: TranslationBundle): string {
  const structures = methodName(rules.structures.id, trans);
  const lesions = methodName(rules.lesions.shape.id, trans, true);
  return structures === lesions ? structures : trans.__('%1; lesions: %2', structures, lesions);
}

/** What a dispute is about, in a few words. `segment`: name of the first segment in question. */
export function disputeName({ kind, lesion }: Dispute, segment: string, trans: TranslationBundle): string {
  switch (kind) {
    case 'presence':
      return lesion === null ? trans.__('%1 presence', segment) : trans.__('lesion %1 presence', lesion);
    case 'boundary':
      return lesion === null ? trans.__('%1 boundary', segment) : trans.__('lesion %1 boundary', lesion);
    case 'label':
      return trans.__('which segment');
  }
}

export type ChipLook = 'done' | 'open' | 'left' | 'small';

/** What became of a dispute, in a word or two. */
export function disputeState(
  dispute: Dispute,
  trans: TranslationBundle
): { readonly text: string; readonly look: ChipLook } {
  const choice = decided(dispute);
  if (choice !== null) return { text: choiceName(choice, trans), look: 'done' };
  if (dispute.decision !== null) return { text: trans.__('left open'), look: 'left' };
  return dispute.asked ? { text: trans.__('open'), look: 'open' } : { text: trans.__('not asked'), look: 'small' };
}

export function choiceName(choice: Choice, trans: TranslationBundle): string {
  switch (choice.kind) {
    case 'reader':
      return trans.__('reader %1', choice.letter);
    case 'consensus':
      return trans.__('consensus');
    case 'painted':
      return trans.__('painted');
    case 'open':
      return trans.__('left open');
  }
}

/** What happened between two versions, as people say it. */
export function changeText(change: Change, trans: TranslationBundle): string {
  const { kind, before, after } = change;
  switch (kind) {
    case 'added':
      return trans.__('added');
    case 'removed':
      return trans.__('removed');
    case 'split':
      return trans.__('split into %1', after);
    case 'merged':
      return trans.__('%1 merged', before);
    case 'relabelled':
      return trans.__('relabelled');
    case 'moved':
      return trans.__('boundary moved');
  }
}

/** `+0.40 mm` outward, `−1.20 mm` inward, to 0.01 mm; empty where there is no boundary before and after. */
export function movementText(millimetres: number | null, trans: TranslationBundle): string {
  if (millimetres === null) return '';
  return trans.__('%1 mm', `${millimetres < 0 ? '−' : '+'}${Math.abs(millimetres).toFixed(2)}`);
}

export function signed(value: number): string {
  return `${value < 0 ? '−' : '+'}${threeDigits(Math.abs(value))}`;
}
