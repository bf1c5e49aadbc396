import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { ISettingRegistry } from '@jupyterlab/settingregistry';
import { VoxcordService, VoxcordServiceToken } from '../service/voxcordService.js';

const ID = '@voxcord/extension:service';

/** The way to the Voxcord service, and a person's settings of Voxcord. */
export const servicePlugin: JupyterFrontEndPlugin<VoxcordService> = {
  id: ID,
  description: 'The REST API, settings and local stores of Voxcord.',
  autoStart: true,
  provides: VoxcordServiceToken,
  optional: [ISettingRegistry],
  activate: (app: JupyterFrontEnd, settings: ISettingRegistry | null): VoxcordService => {
    const service = new VoxcordService(app.serviceManager.serverSettings);
    void settings
      ?.load(ID)
      .then(loaded => service.preferences.follow(loaded))
      // Without its settings Voxcord runs on the defaults.
      .catch(() => undefined);
    return service;
  }
};
