import { showDialog, Dialog } from '@jupyterlab/apputils';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { CommandRegistry } from '@lumino/commands';
import { type ISignal, Signal } from '@lumino/signaling';
import type { Release } from '@voxcord/schemas/api';
import type { ReactNode } from 'react';
import { messageOf } from '../client/index.js';
import { CommandIDs } from '../commandIds.js';
import type { VoxcordService } from '../service/voxcordService.js';
import { askToSign } from '../signing/index.js';
import { ReleaseModel } from './releaseModel.js';
import { ReleasePage } from './releasePage.js';
import { ReleaseSubject } from './releaseSubject.js';
import { tellProblem, tellSuccess } from '../ui/notices.js';
import { PageDocument } from '../ui/pageDocument.js';

export interface ReleaseDocumentOptions {
  readonly service: VoxcordService;
  readonly commands: CommandRegistry;
  readonly releaseId: string;
  readonly trans: TranslationBundle;
}

/** A release in the main area: a page to read, to print, to sign and to check. */
export class ReleaseDocument extends PageDocument<ReleaseModel> {
  readonly releaseId: string;
  private readonly _signed = new Signal<this, Release>(this);

  constructor(private readonly options: ReleaseDocumentOptions) {
    super(new ReleaseModel(options.service.api, options.releaseId));
    this.releaseId = options.releaseId;
    this.addClass('voxcord-Release');
  }

  /** Somebody signed here. */
  get signed(): ISignal<this, Release> {
    return this._signed;
  }

  override dispose(): void {
    if (this.isDisposed) return;
    Signal.clearData(this);
    super.dispose();
  }

  protected override draw(): ReactNode {
    const { model, options } = this;
    const { trans, commands } = options;
    return (
      <ReleasePage
        model={model}
        trans={trans}
        onSign={() => void this.sign()}
        onWithdraw={() => void this.withdraw()}
        onDownload={() => void this.download()}
        onPrint={() => this.print()}
        onEvaluate={() =>
          void commands.execute(CommandIDs.evaluate, {
            project: model.release?.projectId,
            release: this.releaseId
          })
        }
        onOpenRelease={release => void commands.execute(CommandIDs.openRelease, { release })}
        onOpenCase={caseId => void commands.execute(CommandIDs.openReview, { case: caseId })}
      />
    );
  }

  /** Somebody else may have signed it or withdrawn it. */
  protected override look(): void {
    if (this.model.release?.state === 'signing') void this.model.load();
  }

  private async sign(): Promise<void> {
    const { model, options } = this;
    const { service, trans } = options;
    const { release } = model;
    if (release === null) return;
    const { person } = await service.me();
    const signed = await askToSign({
      api: service.api,
      trans,
      person,
      title: trans.__('Sign release %1', release.version),
      action: trans.__('Sign'),
      meaning: release.signatures.length === 0 ? 'responsibility' : 'approval',
      subject: <ReleaseSubject release={release} trans={trans} />,
      sign: signing => model.sign(signing)
    });
    if (signed === null) return;
    this._signed.emit(signed);
    if (signed.state === 'released') {
      tellSuccess(trans.__('Release %1 is signed and released.', signed.version));
    }
  }

  private async withdraw(): Promise<void> {
    const { model, options } = this;
    const { trans } = options;
    const { release } = model;
    if (release === null) return;
    const answer = await showDialog({
      title: trans.__('Withdraw release %1?', release.version),
      body: trans.__(
        'It is not released yet. What was decided stays; signatures that were given are void, and the withdrawal is written to the audit log.'
      ),
      buttons: [Dialog.cancelButton({ label: trans.__('Keep it') }), Dialog.warnButton({ label: trans.__('Withdraw') })]
    });
    if (!answer.button.accept) return;
    try {
      await model.withdraw();
    } catch (reason) {
      tellProblem(messageOf(reason));
    }
  }

  private async download(): Promise<void> {
    const { model } = this;
    const { release, project } = model;
    if (release === null) return;
    try {
      const address = URL.createObjectURL(await model.archive());
      const link = document.createElement('a');
      link.href = address;
      link.download = fileName(project?.title ?? 'release', release.version);
      link.click();
      URL.revokeObjectURL(address);
    } catch (reason) {
      tellProblem(messageOf(reason));
    }
  }

  /** Prints this page and nothing of JupyterLab around it. */
  private print(): void {
    document.body.classList.add('voxcord-mod-printing');
    this.addClass('voxcord-mod-printed');
    window.addEventListener(
      'afterprint',
      () => {
        document.body.classList.remove('voxcord-mod-printing');
        this.removeClass('voxcord-mod-printed');
      },
      { once: true }
    );
    window.print();
  }
}

/** `liver-metastases-1.0.0.zip` */
export function fileName(title: string, version: string): string {
  const name = title
    .toLowerCase()
    .normalize('NFKD')
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '');
  return `${name === '' ? 'release' : name}-${version}.zip`;
}
