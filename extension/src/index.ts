import type { JupyterFrontEndPlugin } from '@jupyterlab/application';
import { agreementPlugin } from './plugins/agreement.js';
import { casesPlugin } from './plugins/cases.js';
import { commandsPlugin } from './plugins/commands.js';
import { connectionLostPlugin } from './plugins/connectionLost.js';
import { evaluationPlugin } from './plugins/evaluation.js';
import { homePlugin } from './plugins/home.js';
import { modelsPlugin } from './plugins/models.js';
import { panelsPlugin, statusPlugin } from './plugins/panels.js';
import { releasesPlugin } from './plugins/releases.js';
import { reviewPlugin } from './plugins/review.js';
import { servicePlugin } from './plugins/service.js';
import { studiesPlugin } from './plugins/studies.js';
import { volumesPlugin } from './plugins/volumes.js';

const plugins: readonly JupyterFrontEndPlugin<unknown>[] = [
  servicePlugin,
  connectionLostPlugin,
  casesPlugin,
  volumesPlugin,
  homePlugin,
  panelsPlugin,
  statusPlugin,
  commandsPlugin,
  studiesPlugin,
  reviewPlugin,
  releasesPlugin,
  agreementPlugin,
  evaluationPlugin,
  modelsPlugin
];

export default plugins;
