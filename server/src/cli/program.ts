import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import { DEFAULT_KAPPA_REGION } from '../agreement/kappaRegion.js';
import { IdentityError } from '../identity/identityError.js';
import { ImagingError } from '../imaging/errors.js';
import { ImportCancelled } from '../imaging/importThread.js';
import { ProjectError } from '../projects/errors.js';
import { RoomError } from '../rooms/roomError.js';
import { SocketInUse } from '../socketFile.js';
import { StoreError } from '../store/store.js';
import { SERVER_VERSION } from '../version.js';
import type { AgreementCommandOptions } from './agreementCommand.js';
import { definitionOption, kappaRegionOption, segmentOption } from './agreementOptions.js';
import { NegativeResult, RefusedError, UsageError } from './commandErrors.js';
import { addConsensusCommand } from './consensusOptions.js';
import type { DemoOptions } from './demoCommand.js';
import { addEvaluateCommand } from './evaluateOptions.js';
import type { ExportOptions } from './exportCommand.js';
import type { ImportOptions } from './importCommand.js';
import { addInferCommand } from './inferOptions.js';
import { lengthOption } from './lengths.js';
import { Output, type Failure } from './output.js';
import type { PhantomCommandOptions } from './phantomCommand.js';
import { diametersOption, phasesOption, profilesOption, tripleOption } from './phantomOptions.js';
import type { ServeOptions } from './serveCommand.js';

/*
 * A command loads what it works with when it runs: most need little of it, and help needs nothing.
 */

const DATA = 'data folder; default: VOXCORD_DATA, else .voxcord/data';
const JSON_FLAG = 'print the result as JSON, and nothing else on standard output';

/** Runs the command line. Answers the exit code: 0 done, 1 the input is refused, 2 wrong usage. */
export async function runCommand(args: readonly string[]): Promise<0 | 1 | 2> {
  try {
    await makeProgram().parseAsync(args, { from: 'user' });
    return 0;
  } catch (error) {
    const failure = failureOf(error);
    if (failure === null) return 0;
    // The options may be what is wrong: so look at the words themselves.
    new Output(process.stdout, process.stderr, args.includes('--json')).failure(failure);
    return failure.exitCode;
  }
}

function makeProgram(): Command {
  const program = new Command('voxcord')
    .description('Collaborative ground truth for 3D medical images: the service and its tools.')
    .version(SERVER_VERSION);

  program
    .command('serve')
    .description('run the service behind a Jupyter server')
    .option('--data <folder>', DATA)
    .option('--socket <path>', 'listen on this Unix socket')
    .option('--port <number>', 'listen on this port of 127.0.0.1 instead', portNumber)
    .option('--root <folder>', 'allow imports by path from this folder (repeatable)', collect, [])
    .option('--secret-file <path>', 'file with the identity secret; default: VOXCORD_IDENTITY_SECRET')
    .option('--exit-with-parent', 'stop when standard input ends', false)
    .option('--models-at-once <number>', 'models that run at a time', positive, 1)
    .option('--model-trial-seconds <number>', 'seconds that the trial of a new model may take', trialTime, 120)
    .option(
      '--provider <name>',
      'execution provider of models, the preferred one first (repeatable); default: cpu',
      collect,
      []
    )
    .addOption(
      new Option('--log-level <level>', 'least important lines of the log')
        .choices(['debug', 'info', 'warn', 'error', 'silent'])
        .default('info')
    )
    .action(async (options: ServeOptions) => {
      const { serveCommand } = await import('./serveCommand.js');
      await serveCommand(options);
    });

  program
    .command('import')
    .description('read a NIfTI file and start a case with a shared read')
    .argument('<file>', '.nii or .nii.gz')
    .option('--data <folder>', DATA)
    .option('--project <title>', 'project of the case; made if there is none', 'Imported volumes')
    .option('--case <title>', 'title of the case; default: the name of the file')
    .option('--frame <number>', 'only this volume of a 4D file, counted from 0', count)
    .option('--json', JSON_FLAG, false)
    .action(async (file: string, options: ImportOptions & JsonOption) => {
      const { importCommand } = await import('./importCommand.js');
      await importCommand(file, options, output(options));
    });

  program
    .command('export')
    .description("write a read's label map on the grid of its volume's file, or a release as a folder")
    .argument('[read]', 'id of the read, or the beginning of it')
    .option('--release <id>', 'the folder of this release instead: its id, or the beginning of it')
    .requiredOption('-o, --output <path>', '.nii or .nii.gz; of a release, a folder that is new or empty')
    .option('--data <folder>', DATA)
    .option('--json', JSON_FLAG, false)
    .action(async (read: string | undefined, options: ExportOptions & JsonOption & { readonly release?: string }) => {
      if (options.release !== undefined && read === undefined) {
        const { exportReleaseCommand } = await import('./releaseCommands.js');
        await exportReleaseCommand(options.release, options, output(options));
        return;
      }
      if (read === undefined || options.release !== undefined) {
        throw new UsageError('Say what to export: either a read, or --release ID.');
      }
      const { exportCommand } = await import('./exportCommand.js');
      await exportCommand(read, options, output(options));
    });

  program
    .command('release')
    .description('releases of ground truth')
    .command('list')
    .description('list the releases in the data folder')
    .option('--data <folder>', DATA)
    .option('--json', JSON_FLAG, false)
    .action(async (options: { readonly data?: string } & JsonOption) => {
      const { listReleasesCommand } = await import('./releaseCommands.js');
      await listReleasesCommand(options, output(options));
    });

  program
    .command('agreement')
    .description('measure how far label maps of one case agree')
    .argument('<files...>', '.nii or .nii.gz label maps on one grid')
    .requiredOption('--tau <mm>', 'surfaces this far apart still agree (NSD)', lengthOption)
    .option('--segment <number>', 'only this segment (repeatable); default: all', segmentOption, [])
    .option(
      '--roi <region>',
      "of Fleiss' kappa: union, union-box, margin:MM, whole",
      kappaRegionOption,
      DEFAULT_KAPPA_REGION
    )
    .option('--definition <id>', 'of surface distances (repeatable); default: all', definitionOption, [])
    .option('--resample', 'bring the files onto the grid of the first one', false)
    .option('--threads <number>', 'most threads; default: one per processor', count)
    .option('--json', JSON_FLAG, false)
    .action(async (files: string[], options: AgreementCommandOptions & JsonOption) => {
      const { agreementCommand } = await import('./agreementCommand.js');
      await agreementCommand(files, options, output(options));
    });

  program
    .command('demo')
    .description('make the demonstration project; making it twice makes it once')
    .option('--volume <file>', 'T1-weighted head, .nii or .nii.gz')
    .option('--liver', 'a generated liver instead, with a locked protocol and three submitted reads', false)
    .option('--data <folder>', DATA)
    .option('--title <title>', 'title of the project')
    .option('--case-file <path>', 'also write a .voxcord file that opens the case')
    .option('--json', JSON_FLAG, false)
    .action(async (options: DemoOptions & JsonOption) => {
      const { demoCommand } = await import('./demoCommand.js');
      await demoCommand(options, output(options));
    });

  program
    .command('phantom')
    .description('generate liver CTs with their truth and simulated reads; equal seeds give equal files')
    .requiredOption('-o, --output <folder>', 'where the files go')
    .option('--seed <number>', 'which phantom', count, 1)
    .option('--count <number>', 'this many, from the seed on, each in a folder of its own', positive, 1)
    .option('--phases <names>', 'native, arterial, portal, delayed; with commas between them', phasesOption, ['portal'])
    .option('--spacing <x,y,z>', 'voxel sizes, mm', tripleOption)
    .option('--dims <i,j,k>', 'voxels; default: the whole trunk', tripleOption)
    .option('--centre <x,y,z>', 'of the grid; world mm, RAS+', tripleOption)
    .option('--nodules <diameters>', 'mm, with commas between them, or none; default: by the seed', diametersOption)
    .option('--readers <number>', 'simulated readers of the first phase', count, 0)
    .option('--profiles <names>', 'of the readers in turn: expert, tight, generous, hasty', profilesOption, [
      'expert',
      'tight',
      'generous'
    ])
    .option('--json', JSON_FLAG, false)
    .action(async (options: PhantomCommandOptions & JsonOption) => {
      const { phantomCommand } = await import('./phantomCommand.js');
      await phantomCommand(options, output(options));
    });

  program
    .command('verify')
    .description('check an exported release offline; exit code 1 names its first broken record')
    .argument('<folder>', 'folder of the release')
    .option(
      '--service-key <key...>',
      'trust only this service key: the fingerprint that the releasing site publishes, or a file that holds it'
    )
    .option('--json', JSON_FLAG, false)
    .action(async (folder: string, options: JsonOption & { readonly serviceKey?: readonly string[] }) => {
      const { verifyCommand } = await import('./verifyCommand.js');
      await verifyCommand(folder, options.serviceKey ?? [], output(options));
    });

  addConsensusCommand(program);
  addEvaluateCommand(program);
  addInferCommand(program);

  reportErrorsHere(program);
  return program;
}

/** Errors of usage are thrown, and told as any other. */
function reportErrorsHere(command: Command): void {
  command.exitOverride().configureOutput({ outputError: () => undefined });
  for (const subcommand of command.commands) reportErrorsHere(subcommand);
}

interface JsonOption {
  readonly json: boolean;
}

function output({ json }: JsonOption): Output {
  return new Output(process.stdout, process.stderr, json);
}

/** Null: nothing failed, or everything is said. */
function failureOf(error: unknown): Failure | null {
  if (error instanceof CommanderError) {
    if (error.exitCode === 0) return null;
    // Usage without a command is told by its help.
    const detail = error.code === 'commander.help' ? null : error.message.replace(/^error: /, '');
    return { exitCode: 2, code: 'usage', detail };
  }
  if (error instanceof NegativeResult) return { exitCode: 1, code: 'negative', detail: null };
  if (error instanceof UsageError) return { exitCode: 2, code: 'usage', detail: error.message };
  if (
    error instanceof RefusedError ||
    error instanceof ImagingError ||
    error instanceof ProjectError ||
    error instanceof RoomError ||
    error instanceof StoreError ||
    error instanceof IdentityError
  ) {
    return { exitCode: 1, code: error.code, detail: error.message };
  }
  if (error instanceof ImportCancelled || error instanceof SocketInUse) {
    return { exitCode: 1, code: 'refused', detail: error.message };
  }
  const detail = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return { exitCode: 1, code: 'internal', detail };
}

function collect(value: string, previous: readonly string[]): string[] {
  return [...previous, value];
}

function count(value: string): number {
  if (!/^\d{1,9}$/.test(value)) throw new InvalidArgumentError('It must be a whole number, 0 or more.');
  return Number(value);
}

function positive(value: string): number {
  const number = count(value);
  if (number === 0) throw new InvalidArgumentError('It must be 1 or more.');
  return number;
}

function trialTime(value: string): number {
  const seconds = positive(value);
  if (seconds > 86_400) throw new InvalidArgumentError('It must be 86400, a day, or less.');
  return seconds;
}

function portNumber(value: string): number {
  const port = count(value);
  if (port > 65535) throw new InvalidArgumentError('A port is at most 65535.');
  return port;
}
