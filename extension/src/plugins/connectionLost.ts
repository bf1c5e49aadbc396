import {
  ConnectionLost,
  IConnectionLost,
  type JupyterFrontEnd,
  type JupyterFrontEndPlugin
} from '@jupyterlab/application';
import { MainAreaWidget } from '@jupyterlab/apputils';
import { CaseView } from '../case/caseView.js';

/**
 * JupyterLab says that its server is away with a dialog over everything. Over a case that would take the pointer away in
 * the middle of a stroke, although painting goes on offline: there the status bar says it.
 */
export const connectionLostPlugin: JupyterFrontEndPlugin<IConnectionLost> = {
  id: '@voxcord/extension:connection-lost',
  description: 'Keeps dialogs about the connection away from a case in front.',
  autoStart: true,
  provides: IConnectionLost,
  activate:
    (app: JupyterFrontEnd): IConnectionLost =>
    async (manager, error, translator) => {
      const inFront = app.shell.currentWidget;
      if (inFront instanceof MainAreaWidget && inFront.content instanceof CaseView) return;
      await ConnectionLost(manager, error, translator);
    }
};
