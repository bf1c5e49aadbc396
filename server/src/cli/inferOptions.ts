import { InvalidArgumentError, type Command } from 'commander';
import type { InferOptions } from './inferCommand.js';
import { Output } from './output.js';

const AFTER = `The results have the grid, orientation and geometry of the image. A voxel of the labels holds the number of its segment,
which is its channel in model.json, or 0. The scores are 32-bit floating point, one volume per channel, channel 0 first.

Everything computes in a process of its own with the lowest priority, which an interruption (Ctrl-C) ends at once;
nothing is left then. docs/contributors/inference.md defines the numbers.`;

/** Adds `voxcord infer`. */
export function addInferCommand(program: Command): void {
  program
    .command('infer')
    .description('label an image with a model; for research, not for diagnosis')
    .argument('<model>', 'folder with model.json and the weights')
    .argument('<image>', '.nii or .nii.gz, one volume')
    .requiredOption('-o, --output <file>', 'labels, .nii or .nii.gz')
    .option('--scores <file>', 'what the model says of each channel, .nii or .nii.gz')
    .option('--threads <number>', 'of the network; default: one per core', positive)
    .option(
      '--provider <name>',
      'execution provider of ONNX Runtime (repeatable, preferred first); default: cpu',
      collect,
      []
    )
    .option('--time-limit <seconds>', 'give up after so long; default: 3600', positive)
    .option('--json', 'print the result as JSON, and nothing else on standard output', false)
    .addHelpText('after', `\n${AFTER}`)
    .action(async (model: string, image: string, options: InferOptions & { readonly json: boolean }) => {
      const { inferCommand } = await import('./inferCommand.js');
      await inferCommand(model, image, options, new Output(process.stdout, process.stderr, options.json));
    });
}

function positive(value: string): number {
  if (!/^[1-9]\d{0,5}$/.test(value)) throw new InvalidArgumentError('It must be a whole number, 1 or more.');
  return Number(value);
}

function collect(value: string, previous: readonly string[]): string[] {
  return [...previous, value];
}
