import path from 'node:path';
import { parseArgs } from 'node:util';
import { build } from './build.mjs';
import { prepareEnvironment } from './environment.mjs';
import { ensureDemo, ensureLiverDemo } from './support/demo.mjs';
import { ensurePeople, JupyterServer, layoutOf, signInLinks } from './support/jupyter.mjs';
import { claimPort, nextFreePort } from './support/ports.mjs';
import { capture, onStopSignal } from './support/processes.mjs';
import { root, script, SetupError } from './support/project.mjs';

const HELP = `npm start [-- options]

  --port N        port of JupyterLab (default: the first free one from 8888 on)
  --data DIR      where annotations, people and files are kept (default: .voxcord in this folder)
  --no-browser    do not open a browser
  --verbose       show what JupyterLab and the service log`;

const PEOPLE = [
  { username: 'ada', displayName: 'Ada' },
  { username: 'ben', displayName: 'Ben' }
];

function readOptions() {
  try {
    const { values } = parseArgs({
      options: {
        port: { type: 'string' },
        data: { type: 'string', default: path.join(root, '.voxcord') },
        'no-browser': { type: 'boolean', default: false },
        verbose: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false }
      }
    });
    const port = values.port === undefined ? null : Number(values.port);
    if (port !== null && (!Number.isInteger(port) || port < 1 || port > 65_535)) {
      throw new Error(`--port takes a number from 1 to 65535, not "${values.port}".`);
    }
    return { ...values, port };
  } catch (error) {
    throw new SetupError(`${error instanceof Error ? error.message : String(error)}\n\n${HELP}`);
  }
}

/**
 * @param {string} folder
 * @returns {string} as one types it here
 */
function shown(folder) {
  const relative = path.relative(process.cwd(), folder);
  return relative.startsWith('..') ? folder : relative;
}

/** @param {string} url */
async function openBrowser(url) {
  const command = process.platform === 'darwin' ? 'open' : 'xdg-open';
  const hasDisplay = process.platform === 'darwin' || process.env.DISPLAY || process.env.WAYLAND_DISPLAY;
  if (hasDisplay) await capture(command, [url]);
}

await script(async () => {
  const options = readOptions();
  if (options.help) {
    console.log(HELP);
    return;
  }
  await prepareEnvironment();
  await build();

  const layout = layoutOf(path.resolve(options.data));
  await ensurePeople(layout, PEOPLE);
  const demo = await ensureDemo(layout);
  const liver = await ensureLiverDemo(layout);
  const port = options.port === null ? await nextFreePort(8888) : await claimPort(options.port);
  const server = new JupyterServer(layout, port, {
    ...(options.verbose ? { onOutput: text => process.stderr.write(text) } : {})
  });
  let stopping = false;
  onStopSignal(async () => {
    stopping = true;
    console.log('\nStopping …');
    await server.stop();
  });

  try {
    const links = await signInLinks(
      layout,
      server.baseUrl,
      PEOPLE.map(person => person.username)
    );
    const [first, second] = links;
    if (first === undefined || second === undefined) throw new SetupError('The sign-in links could not be made.');
    await server.whenReady(first.token);
    /** @param {import('./support/jupyter.mjs').SignIn} link */
    const address = link => link.url.replace('?', `/tree/${encodeURIComponent(demo.file)}?`);
    console.log(`
Voxcord runs. It keeps everything in ${layout.folder}

  You are Ada:       ${address(first)}
  Second person:     open this in a private window or another browser, as Ben:
                     ${address(second)}
${liver === null ? '' : `  Consensus, review: open "${liver}" in the list of files: three reads are submitted\n`}  Labels as NIfTI:   npx voxcord export ${demo.read.slice(0, 8)} --data ${shown(layout.data)} -o labels.nii.gz

Ctrl-C stops it.`);
    if (!options['no-browser']) await openBrowser(address(first));
  } catch (error) {
    if (stopping) return;
    await server.stop();
    throw error;
  }
  const status = await server.process.ended;
  if (!stopping) {
    throw new SetupError(`JupyterLab ended by itself (status ${status}).\n${server.process.output.slice(-2000)}`);
  }
});
