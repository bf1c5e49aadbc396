import { existsSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { capture } from './processes.mjs';
import { node, python, root, SetupError } from './project.mjs';

const TITLE = 'Demonstration';
const LIVER = 'Liver nodules (phantom)';
const voxcord = path.join(root, 'server', 'bin', 'voxcord.mjs');

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
    voxcord,
    ...['demo', '--data', layout.data, '--volume', volume.stdout.trim()],
    ...['--title', TITLE, '--case-file', path.join(layout.work, name), '--json']
  ]);
  if (status !== 0) throw new SetupError(`The demonstration case could not be made.\n${stderr.trim()}`);
  return { file: name, read: JSON.parse(stdout).read };
}

/**
 * A study on a generated liver, with three submitted reads, and its `.voxcord` file. Takes about half a minute the first
 * time, less than a second after that. The service must not run. Without it there is still the other demonstration.
 * @param {import('./jupyter.mjs').Layout} layout
 * @returns {Promise<string | null>} name of the file
 */
export async function ensureLiverDemo(layout) {
  mkdirSync(layout.work, { recursive: true });
  const name = `${LIVER}.voxcord`;
  const file = path.join(layout.work, name);
  if (!existsSync(file)) console.log('Generating the liver demonstration (once, about half a minute) …');
  const { status, stderr } = await capture(node, [
    voxcord,
    ...['demo', '--liver', '--data', layout.data, '--title', LIVER, '--case-file', file, '--json']
  ]);
  if (status === 0) return name;
  console.warn(`The liver demonstration could not be made.\n${stderr.trim()}`);
  return null;
}
