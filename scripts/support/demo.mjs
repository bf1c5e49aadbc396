import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { capture } from './processes.mjs';
import { node, python, root, SetupError } from './project.mjs';

const TITLE = 'Demonstration';

/**
 * The demonstration project on a real volume, with a `.voxcord` file in the work folder. The service must not run.
 * @param {import('./jupyter.mjs').Layout} layout
 * @returns {Promise<{ file: string, read: string }>} name of the file, and id of the read
 */
export async function ensureDemo(layout) {
  const volume = await capture(python, ['-m', 'voxcord.demo_volume']);
  if (volume.status !== 0) throw new SetupError(volume.stderr.trim());
  mkdirSync(layout.work, { recursive: true });
  const name = `${TITLE}.voxcord`;
  const { status, stdout, stderr } = await capture(node, [
    path.join(root, 'server', 'bin', 'voxcord.mjs'),
    ...['demo', '--data', layout.data, '--volume', volume.stdout.trim()],
    ...['--title', TITLE, '--case-file', path.join(layout.work, name), '--json']
  ]);
  if (status !== 0) throw new SetupError(`The demonstration case could not be made.\n${stderr.trim()}`);
  return { file: name, read: JSON.parse(stdout).read };
}
