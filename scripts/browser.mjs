import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { attempt, capture } from './support/processes.mjs';
import { node, root, script, SetupError } from './support/project.mjs';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome'];
const VARIABLE = 'PLAYWRIGHT_CHROMIUM_EXECUTABLE_PATH';

/** @returns {string | null} */
function installedBrowser() {
  for (const folder of (process.env.PATH ?? '').split(path.delimiter)) {
    for (const name of NAMES) {
      const file = path.join(folder, name);
      if (existsSync(file)) return file;
    }
  }
  const application = '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome';
  return existsSync(application) ? application : null;
}

/** @returns {Promise<string | null>} the browser that Playwright has downloaded */
async function downloadedBrowser() {
  const require = createRequire(path.join(root, 'ui-tests', 'package.json'));
  const code = `console.log(require(${JSON.stringify(require.resolve('playwright-core'))}).chromium.executablePath())`;
  const file = (await capture(node, ['-e', code])).stdout.trim();
  return file !== '' && existsSync(file) ? file : null;
}

async function installWithApt() {
  if (process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) return;
  console.log('Installing Chromium (apt) …');
  const env = { DEBIAN_FRONTEND: 'noninteractive' };
  await attempt('apt-get', ['update', '-qq'], { env, quiet: true });
  await attempt('apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'chromium'], { env, quiet: true });
}

async function installWithPlaywright() {
  const require = createRequire(path.join(root, 'ui-tests', 'package.json'));
  const cli = path.join(path.dirname(require.resolve('playwright/package.json')), 'cli.js');
  console.log('Downloading Chromium (Playwright) …');
  await attempt(node, [cli, 'install', 'chromium'], { env: { PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD: '' } });
}

/**
 * A Chromium for the browser tests: the one named in PLAYWRIGHT_CHROMIUM_EXECUTABLE_PATH, else an installed one, else
 * one installed by apt (as root) or by Playwright.
 */
export async function findBrowser() {
  const named = process.env[VARIABLE];
  if (named !== undefined && named !== '') {
    if (!existsSync(named)) throw new SetupError(`${VARIABLE} names ${named}, which does not exist.`);
    return named;
  }
  let found = installedBrowser() ?? (await downloadedBrowser());
  if (found === null) {
    await installWithApt();
    found = installedBrowser();
  }
  if (found === null) {
    await installWithPlaywright();
    found = await downloadedBrowser();
  }
  if (found === null) {
    throw new SetupError(
      [
        'The browser tests need Chromium and none could be installed.',
        'On Debian: sudo apt install chromium',
        `Or name an installed one: ${VARIABLE}=/path/to/chromium npm test`
      ].join('\n')
    );
  }
  return found;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  await script(async () => console.log(await findBrowser()));
}
