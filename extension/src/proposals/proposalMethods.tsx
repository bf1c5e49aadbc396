import type { TranslationBundle } from '@jupyterlab/translation';
import { UseSignal } from '@jupyterlab/ui-components';
import type { ProposalMethod } from '@voxcord/schemas/api';
import type { ReactNode } from 'react';
import type { Proposing } from './proposing.js';

export interface ProposalMethodsProps {
  readonly proposing: Proposing;
  readonly trans: TranslationBundle;
}

/** What looks for the thing that one points at. */
export function ProposalMethods({ proposing, trans }: ProposalMethodsProps): ReactNode {
  return (
    <UseSignal signal={proposing.changed}>
      {() => (
        <>
          <label className="voxcord-Label" htmlFor="voxcord-proposal-method">
            {trans.__('Propose by')}
          </label>
          <select
            id="voxcord-proposal-method"
            className="voxcord-Select voxcord-mod-wide"
            value={keyOf(proposing.method)}
            onChange={event => {
              const key = event.currentTarget.value;
              proposing.method = choices(proposing, trans).find(choice => choice.key === key)?.method ?? {
                kind: 'geodesic'
              };
            }}
          >
            {choices(proposing, trans).map(({ key, label }) => (
              <option key={key} value={key}>
                {label}
              </option>
            ))}
          </select>
        </>
      )}
    </UseSignal>
  );
}

interface Choice {
  readonly key: string;
  readonly label: string;
  readonly method: ProposalMethod;
}

function choices({ models }: Proposing, trans: TranslationBundle): readonly Choice[] {
  const grey: ProposalMethod = { kind: 'geodesic' };
  return [
    { key: keyOf(grey), label: trans.__('Grey values'), method: grey },
    ...models.map(({ name, version, title }) => {
      const method: ProposalMethod = { kind: 'model', name, version };
      return { key: keyOf(method), label: trans.__('%1 %2', title, version), method };
    })
  ];
}

function keyOf(method: ProposalMethod): string {
  return method.kind === 'geodesic' ? method.kind : `${method.name}@${method.version}`;
}
