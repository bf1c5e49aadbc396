import type { TranslationBundle } from '@jupyterlab/translation';
import type { ProtocolContent } from '@voxcord/schemas/api';
import type { FieldIssue } from '../ui/form.js';
import type { ProtocolModel } from './protocolModel.js';

/** What every part of the form is given. */
export interface SectionProps {
  readonly model: ProtocolModel;
  readonly content: ProtocolContent;
  readonly isReadOnly: boolean;
  readonly trans: TranslationBundle;
}

export interface FieldProps {
  readonly path: string;
  readonly issue: FieldIssue | null;
  readonly isDisabled: boolean;
}

/** What a field at `path` (JSON pointer) shows besides its value. */
export function fieldAt({ model, isReadOnly }: SectionProps, path: string): FieldProps {
  return { path, issue: isReadOnly ? null : model.issueAt(path), isDisabled: isReadOnly };
}
