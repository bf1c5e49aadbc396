import type { TranslationBundle } from '@jupyterlab/translation';
import { ReactWidget } from '@jupyterlab/ui-components';
import type { Volume } from '@voxcord/schemas/api';
import type { JSX, ReactNode } from 'react';
import { messageOf } from '../client/index.js';

export type ImportPhase =
  | { readonly kind: 'importing'; readonly fraction: number }
  | { readonly kind: 'cancelled' }
  | { readonly kind: 'failed'; readonly error: unknown }
  | { readonly kind: 'shown'; readonly volumes: readonly Volume[]; readonly hash: string };

export interface ImportActions {
  cancel(): void;
  retry(): void;
  showFrame(hash: string): void;
}

/** Says how far the import of a file is, and offers the frames of a 4D file. */
export class ImportNotice extends ReactWidget {
  private _phase: ImportPhase = { kind: 'importing', fraction: 0 };

  constructor(
    private readonly trans: TranslationBundle,
    private readonly actions: ImportActions
  ) {
    super();
    this.addClass('voxcord-CaseNotice');
  }

  set phase(phase: ImportPhase) {
    this._phase = phase;
    this.update();
  }

  protected override render(): JSX.Element | null {
    const content = this.content();
    return content === null ? null : <div className="voxcord-Notice">{content}</div>;
  }

  private content(): ReactNode {
    const { trans, _phase: phase } = this;
    switch (phase.kind) {
      case 'importing':
        return (
          <>
            <span className="voxcord-Notice-text" role="status">
              {trans.__('Reading the file… %1 %', Math.round(phase.fraction * 100))}
            </span>
            <progress value={phase.fraction} max={1} />
            <button className="voxcord-Button" onClick={() => this.actions.cancel()}>
              {trans.__('Cancel')}
            </button>
          </>
        );
      case 'cancelled':
        return this.again(trans.__('Reading the file was cancelled.'));
      case 'failed':
        return this.again(messageOf(phase.error));
      case 'shown':
        return phase.volumes.length < 2 ? null : this.frames(phase.volumes, phase.hash);
    }
  }

  private again(text: string): ReactNode {
    return (
      <>
        <span className="voxcord-Notice-text" role="alert">
          {text}
        </span>
        <button className="voxcord-Button voxcord-mod-primary" onClick={() => this.actions.retry()}>
          {this.trans.__('Try again')}
        </button>
      </>
    );
  }

  private frames(volumes: readonly Volume[], hash: string): ReactNode {
    return (
      <label className="voxcord-Label">
        {this.trans.__('Frame')}{' '}
        <select className="voxcord-Select" value={hash} onChange={event => this.actions.showFrame(event.target.value)}>
          {volumes.map(volume => (
            <option key={volume.hash} value={volume.hash}>
              {this.trans.__('%1 of %2', volume.frame + 1, volume.frames)}
            </option>
          ))}
        </select>
      </label>
    );
  }
}
