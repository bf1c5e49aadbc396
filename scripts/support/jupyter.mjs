import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { capture, Service } from './processes.mjs';
import { python, SetupError } from './project.mjs';

/**
 * Where one installation keeps everything, below one folder.
 * @param {string} folder
 */
export function layoutOf(folder) {
  return {
    folder,
    people: path.join(folder, 'people.json'),
    /** What the service keeps: the annotations. */
    data: path.join(folder, 'data'),
    /** What the file browser shows. */
    work: path.join(folder, 'work'),
    /** Settings, workspaces and runtime files of Jupyter: the person's own ones stay as they are. */
    jupyter: path.join(folder, 'jupyter')
  };
}

/** @typedef {ReturnType<typeof layoutOf>} Layout */

/**
 * Calls `python -m voxcord.people`.
 * @param {Layout} layout
 * @param {string} command
 * @param {readonly string[]} args
 * @returns {Promise<any>} what it prints
 */
async function people(layout, command, args) {
  const call = ['-m', 'voxcord.people', command, '--file', layout.people, '--json', ...args];
  const { status, stdout, stderr } = await capture(python, call);
  if (status !== 0) throw new SetupError(`The people file could not be used.\n${stderr.trim()}`);
  return JSON.parse(stdout);
}

/**
 * Adds those who are not yet there.
 * @param {Layout} layout
 * @param {readonly { username: string, displayName: string }[]} wanted
 */
export async function ensurePeople(layout, wanted) {
  mkdirSync(layout.folder, { recursive: true });
  /** @type {{ username: string }[]} */
  const known = await people(layout, 'list', []);
  for (const { username, displayName } of wanted) {
    if (known.some(person => person.username === username)) continue;
    await people(layout, 'add', ['--display-name', displayName, '--', username]);
  }
}

/**
 * @typedef {object} SignIn
 * @property {string} username
 * @property {string} token
 * @property {string} url opens JupyterLab as this person, in a workspace of their own
 */

/**
 * New sign-in links.
 * @param {Layout} layout
 * @param {string} baseUrl
 * @param {readonly string[]} usernames
 * @returns {Promise<SignIn[]>}
 */
export async function signInLinks(layout, baseUrl, usernames) {
  /** @type {{ username: string, url: string }[]} */
  const links = await people(layout, 'link', ['--base-url', baseUrl, '--', ...usernames]);
  return links.map(({ username, url }) => {
    const token = new URL(url).searchParams.get('token') ?? '';
    const workspace = `lab/workspaces/${encodeURIComponent(username)}`;
    return { username, token, url: `${baseUrl}${workspace}?token=${encodeURIComponent(token)}` };
  });
}

export class JupyterServer {
  /**
   * @param {Layout} layout
   * @param {number} port
   * @param {{ args?: readonly string[], env?: Record<string, string>, onOutput?: (text: string) => void }} [options]
   */
  constructor(layout, port, { args = [], env = {}, onOutput } = {}) {
    for (const folder of [layout.data, layout.work, layout.jupyter]) mkdirSync(folder, { recursive: true });
    keepQuiet(layout);
    this.layout = layout;
    this.baseUrl = `http://127.0.0.1:${port}/`;
    this.process = new Service(
      python,
      [
        ...['-m', 'jupyterlab', '--no-browser'],
        ...(process.getuid?.() === 0 ? ['--allow-root'] : []),
        '--ServerApp.ip=127.0.0.1',
        `--ServerApp.port=${port}`,
        '--ServerApp.port_retries=0',
        `--ServerApp.root_dir=${layout.work}`,
        '--ServerApp.identity_provider_class=voxcord.people.PeopleIdentityProvider',
        `--PeopleIdentityProvider.people_file=${layout.people}`,
        `--VoxcordService.data_dir=${layout.data}`,
        `--LabApp.user_settings_dir=${path.join(layout.jupyter, 'settings')}`,
        `--LabApp.workspaces_dir=${path.join(layout.jupyter, 'workspaces')}`,
        '--LabApp.news_url=None',
        '--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate',
        ...args
      ],
      {
        ...(onOutput === undefined ? {} : { onOutput }),
        env: {
          JUPYTER_CONFIG_DIR: path.join(layout.jupyter, 'config'),
          JUPYTER_DATA_DIR: path.join(layout.jupyter, 'data'),
          JUPYTER_RUNTIME_DIR: path.join(layout.jupyter, 'runtime'),
          JUPYTER_PREFER_ENV_PATH: '1',
          ...env
        }
      }
    );
  }

  /**
   * Waits until the service behind Jupyter answers to a signed-in person.
   * @param {string} token
   */
  async whenReady(token, timeoutMilliseconds = 120_000) {
    const deadline = Date.now() + timeoutMilliseconds;
    for (;;) {
      if (!this.process.running) throw new SetupError(`JupyterLab ended at once.\n${lastLines(this.process.output)}`);
      const status = await fetch(`${this.baseUrl}voxcord/api/v1/me`, {
        headers: { Authorization: `token ${token}` }
      }).then(
        answer => answer.status,
        () => 0
      );
      if (status === 200) return;
      if (Date.now() > deadline) {
        throw new SetupError(`Voxcord did not start (last answer: ${status}).\n${lastLines(this.process.output)}`);
      }
      await delay(100);
    }
  }

  /** Process id of the service that was started last, or null. */
  servicePid() {
    const starts = [...this.process.output.matchAll(/Voxcord service is ready \(process (\d+)\)/g)];
    const last = starts.at(-1)?.[1];
    return last === undefined ? null : Number(last);
  }

  async stop() {
    await this.process.stop(75_000);
  }
}

/**
 * JupyterLab would ask everybody whether to look for news on the network.
 * @param {Layout} layout
 */
function keepQuiet(layout) {
  const folder = path.join(layout.jupyter, 'settings', '@jupyterlab', 'apputils-extension');
  const file = path.join(folder, 'notification.jupyterlab-settings');
  if (existsSync(file)) return;
  mkdirSync(folder, { recursive: true });
  writeFileSync(file, `${JSON.stringify({ fetchNews: 'false', checkForUpdates: false }, null, 2)}\n`);
}

/** @param {string} text */
function lastLines(text) {
  return text.split('\n').slice(-25).join('\n');
}
