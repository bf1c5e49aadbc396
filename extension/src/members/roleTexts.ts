import type { TranslationBundle } from '@jupyterlab/translation';
import type { Role } from '@voxcord/schemas/api';

export interface RoleText {
  readonly value: Role;
  readonly label: string;
  readonly explanation: string;
}

export function roleTexts(trans: TranslationBundle): readonly RoleText[] {
  return [
    {
      value: 'reader',
      label: trans.__('Reader'),
      explanation: trans.__('Reads the cases that they are given.')
    },
    {
      value: 'adjudicator',
      label: trans.__('Adjudicator'),
      explanation: trans.__('Decides disputes of cases that they have not read.')
    },
    {
      value: 'manager',
      label: trans.__('Manager'),
      explanation: trans.__('Writes the protocol, gives cases to readers, prepares releases.')
    },
    { value: 'viewer', label: trans.__('Viewer'), explanation: trans.__('Looks at what is decided.') }
  ];
}
