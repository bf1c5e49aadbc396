import { ILayoutRestorer, type JupyterFrontEnd, type JupyterFrontEndPlugin } from '@jupyterlab/application';
import { WidgetTracker } from '@jupyterlab/apputils';
import type { DocumentRegistry, DocumentWidget } from '@jupyterlab/docregistry';
import { ITranslator } from '@jupyterlab/translation';
import { CommandToolbarButton } from '@jupyterlab/ui-components';
import { CommandIDs } from '../commandIds.js';
import { type VoxcordService, VoxcordServiceToken } from '../service/voxcordService.js';
import { volumeIcon } from '../ui/icons.js';
import { VolumeModelFactory, VolumeWidgetFactory } from '../volumes/volumeDocument.js';
import type { VolumeView } from '../volumes/volumeView.js';
import { bundleOf } from './translation.js';

const FACTORY = 'Voxcord Volume';
const FILE_TYPE = 'voxcord-nifti';

/** NIfTI files open from the file browser to look at. */
export const volumesPlugin: JupyterFrontEndPlugin<void> = {
  id: '@voxcord/extension:volumes',
  description: 'Opens NIfTI volumes from the file browser.',
  autoStart: true,
  requires: [VoxcordServiceToken],
  optional: [ITranslator, ILayoutRestorer],
  activate: (
    app: JupyterFrontEnd,
    service: VoxcordService,
    translator: ITranslator | null,
    restorer: ILayoutRestorer | null
  ): void => {
    const trans = bundleOf(translator);
    const { docRegistry, commands } = app;
    docRegistry.addFileType({
      name: FILE_TYPE,
      displayName: trans.__('NIfTI volume'),
      extensions: ['.nii', '.nii.gz'],
      mimeTypes: ['application/x-nifti'],
      contentType: 'file',
      fileFormat: 'base64',
      icon: volumeIcon
    });
    const models = new VolumeModelFactory();
    docRegistry.addModelFactory(models);
    const factory = new VolumeWidgetFactory(service, trans, {
      name: FACTORY,
      label: trans.__('Voxcord Volume'),
      fileTypes: [FILE_TYPE],
      defaultFor: [FILE_TYPE],
      modelName: models.name,
      readOnly: true,
      toolbarFactory: widget => [
        {
          name: 'start',
          widget: new CommandToolbarButton({
            commands,
            id: CommandIDs.startCase,
            args: { path: widget.context.path },
            label: trans.__('Start a case from this volume')
          })
        }
      ]
    });
    const tracker = new WidgetTracker<DocumentWidget<VolumeView>>({ namespace: 'voxcord-volumes' });
    factory.widgetCreated.connect((_, widget) => {
      widget.title.icon = volumeIcon;
      void tracker.add(widget);
    });
    // JupyterLab's own base class does not fit its interface under exact optional properties.
    docRegistry.addWidgetFactory(factory as DocumentRegistry.WidgetFactory);
    commands.addCommand(CommandIDs.openVolume, {
      label: trans.__('Look at This Volume'),
      icon: volumeIcon,
      describedBy: { args: { type: 'object', properties: { path: { type: 'string' } }, required: ['path'] } },
      execute: args => commands.execute('docmanager:open', { path: args['path'] as string, factory: FACTORY })
    });
    void restorer?.restore(tracker, {
      command: CommandIDs.openVolume,
      args: ({ context }) => ({ path: context.path }),
      name: ({ context }) => context.path
    });
  }
};
