import { ABCWidgetFactory, type DocumentRegistry, DocumentWidget, TextModelFactory } from '@jupyterlab/docregistry';
import type { Contents } from '@jupyterlab/services';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { VoxcordService } from '../service/voxcordService.js';
import { VolumeView } from './volumeView.js';

/**
 * A document whose bytes stay on the server: the service reads the file itself, so JupyterLab must not load hundreds of
 * megabytes of it as text first.
 */
export class VolumeModelFactory extends TextModelFactory {
  override get name(): string {
    return 'voxcord-volume';
  }

  override get contentType(): Contents.ContentType {
    return 'file';
  }

  override get fileFormat(): Contents.FileFormat {
    return null;
  }
}

/** Opens NIfTI files to look at. */
export class VolumeWidgetFactory extends ABCWidgetFactory<DocumentWidget<VolumeView>> {
  constructor(
    private readonly service: VoxcordService,
    private readonly trans: TranslationBundle,
    options: DocumentRegistry.IWidgetFactoryOptions<DocumentWidget<VolumeView>>
  ) {
    super(options);
  }

  protected override createNewWidget(context: DocumentRegistry.Context): DocumentWidget<VolumeView> {
    const content = new VolumeView({ service: this.service, trans: this.trans, path: context.localPath });
    return new DocumentWidget({ content, context });
  }
}
