// Makes the pictures of the documentation anew: real browsers, real people, the demonstration volume.
import path from 'node:path';
import { findBrowser } from '../scripts/browser.mjs';
import { build } from '../scripts/build.mjs';
import { prepareEnvironment } from '../scripts/environment.mjs';
import { run } from '../scripts/support/processes.mjs';
import { node, root, script } from '../scripts/support/project.mjs';

await script(async () => {
  await prepareEnvironment();
  await build();
  const runner = path.join(root, 'node_modules', '@playwright', 'test', 'cli.js');
  await run(node, [runner, 'test', '--config', 'screenshots.config.ts'], {
    cwd: path.join(root, 'ui-tests'),
    env: { PLAYWRIGHT_CHROMIUM_EXECUTABLE_PATH: await findBrowser() },
    failure: 'The pictures could not be made (see above).'
  });
});
