import { Dialog } from '@jupyterlab/apputils';
import type { TranslationBundle } from '@jupyterlab/translation';
import { ReactWidget, UseSignal } from '@jupyterlab/ui-components';
import type { Person, SignatureMeaning, Signing } from '@voxcord/schemas/api';
import type { JSX, ReactNode } from 'react';
import type { VoxcordApi } from '../client/index.js';
import { SigningForm } from './signingForm.js';
import { SigningModel } from './signingModel.js';

export interface SigningRequest<T> {
  readonly api: VoxcordApi;
  readonly trans: TranslationBundle;
  /** Who signs: the name is printed with the signature. */
  readonly person: Person;
  /** "Submit this read" */
  readonly title: string;
  /** "Sign and submit" */
  readonly action: string;
  /** What is signed, so that nobody signs what they have not seen. */
  readonly subject: ReactNode;
  /** What the signature says unless the person chooses otherwise. */
  readonly meaning: SignatureMeaning;
  /** Question above a field for a remark; left out: there is none. */
  readonly remark?: string;
  /** Sends what is signed to the service. What it throws is shown in the dialog, where one can try again. */
  readonly sign: (signing: Signing, remark: string) => Promise<T>;
}

/** Asks somebody to sign. Answers what `sign` answered, or null if they decided not to. */
export async function askToSign<T>(request: SigningRequest<T>): Promise<T | null> {
  const model = new SigningModel<T>(request);
  void model.load();
  const dialog = new SigningDialog(model, request);
  await dialog.launch();
  const { signed } = dialog;
  dialog.dispose();
  model.dispose();
  return signed === null ? null : signed.signed;
}

class SigningBody<T> extends ReactWidget {
  constructor(
    private readonly model: SigningModel<T>,
    private readonly request: SigningRequest<T>
  ) {
    super();
    this.addClass('voxcord-Signing');
  }

  protected override render(): JSX.Element {
    const { model, request } = this;
    return <UseSignal signal={model.changed}>{() => <SigningForm model={model} request={request} />}</UseSignal>;
  }
}

/** Stays open until the service has the signature: a wrong passphrase is no reason to fill in everything again. */
class SigningDialog<T> extends Dialog<unknown> {
  signed: { readonly signed: T } | null = null;

  constructor(
    private readonly model: SigningModel<T>,
    request: SigningRequest<T>
  ) {
    const { trans, title, action } = request;
    super({
      title,
      body: new SigningBody(model, request),
      buttons: [
        Dialog.cancelButton({ label: trans.__('Cancel') }),
        Dialog.okButton({ label: action, className: 'voxcord-Signing-accept' })
      ],
      defaultButton: 1,
      focusNodeSelector: 'input[type=password]'
    });
    this.addClass('voxcord-SigningDialog');
    model.changed.connect(this.onModel, this);
    this.onModel();
  }

  /** Button 0 cancels, button 1 signs; without a number it is the one that Enter means. */
  override resolve(index = 1): void {
    if (index === 0) this.reject();
    else void this.sign();
  }

  override reject(): void {
    // What is on its way to the service cannot be called back.
    if (!this.model.isBusy) super.reject();
  }

  private async sign(): Promise<void> {
    const signed = await this.model.attempt();
    if (this.isDisposed) return;
    if (signed === null) {
      this.node.querySelector<HTMLInputElement>('input[type=password]')?.focus();
      return;
    }
    this.signed = signed;
    super.resolve(1);
  }

  private readonly onModel = (): void => {
    const accept = this.node.querySelector<HTMLButtonElement>('.voxcord-Signing-accept');
    if (accept !== null) accept.disabled = !this.model.mayTry;
  };
}
