import { showDialog, Dialog } from '@jupyterlab/apputils';
import type { TranslationBundle } from '@jupyterlab/translation';
import { ReactWidget } from '@jupyterlab/ui-components';
import type { JSX } from 'react';
import { type VoxcordApi, messageOf } from '../client/index.js';
import { tellNews, tellProblem, tellSuccess } from '../ui/notices.js';

interface Passphrases {
  readonly current: string;
  readonly chosen: string;
  readonly repeated: string;
}

/** Protects the signing key of this person with another passphrase. */
export async function changePassphrase(api: VoxcordApi, trans: TranslationBundle): Promise<void> {
  try {
    const { keyId } = await api.call('getSigningKey', {});
    if (keyId === null) {
      tellNews(trans.__('You have no passphrase yet: you choose one when you sign for the first time.'));
      return;
    }
    const { button, value } = await showDialog<Passphrases>({
      title: trans.__('Change the passphrase for signing'),
      body: new PassphraseBody(trans),
      buttons: [Dialog.cancelButton({ label: trans.__('Cancel') }), Dialog.okButton({ label: trans.__('Change') })],
      focusNodeSelector: 'input'
    });
    if (!button.accept || value === null) return;
    if (value.chosen !== value.repeated) {
      tellProblem(trans.__('The two passphrases are not the same. Nothing was changed.'));
      return;
    }
    await api.call('setPassphrase', { body: { passphrase: value.chosen, current: value.current } });
    tellSuccess(trans.__('The passphrase is changed.'));
  } catch (reason) {
    tellProblem(messageOf(reason));
  }
}

class PassphraseBody extends ReactWidget implements Dialog.IBodyWidget<Passphrases> {
  constructor(private readonly trans: TranslationBundle) {
    super();
    this.addClass('voxcord-Signing');
  }

  getValue(): Passphrases {
    const value = (name: string): string =>
      this.node.querySelector<HTMLInputElement>(`input[name=${name}]`)?.value ?? '';
    return { current: value('current'), chosen: value('chosen'), repeated: value('repeated') };
  }

  protected override render(): JSX.Element {
    const { trans } = this;
    const fields = [
      { name: 'current', label: trans.__('Present passphrase'), isNew: false },
      { name: 'chosen', label: trans.__('New passphrase'), isNew: true },
      { name: 'repeated', label: trans.__('Once more'), isNew: true }
    ];
    return (
      <div className="voxcord-Form-grid">
        <p className="voxcord-Hint voxcord-mod-across">
          {trans.__('At least 10 characters. You get a new key; what you have signed stays valid.')}
        </p>
        {fields.map(({ name, label, isNew }) => (
          <label key={name} className="voxcord-Form-pair">
            <span className="voxcord-Label">{label}</span>
            <input
              name={name}
              className="voxcord-Field"
              type="password"
              minLength={isNew ? 10 : 1}
              maxLength={256}
              required
              autoComplete={isNew ? 'new-password' : 'current-password'}
            />
          </label>
        ))}
      </div>
    );
  }
}
