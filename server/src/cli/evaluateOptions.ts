import { InvalidArgumentError, Option, type Command } from 'commander';
import { definitionOption, segmentOption } from './agreementOptions.js';
import type { EvaluateCommandOptions } from './evaluateCommand.js';
import { lengthOption } from './lengths.js';
import { Output } from './output.js';

const FILES = `Predictions are NIfTI label maps on the grid of the image, in whatever orientation. A file is called as the id of its
case, as its title, or as its image (if no other case has an image of that name); case, spaces and punctuation do not matter.
Files of scores have the same names, with "scores", "score" or "probabilities" behind them or not. Of a file with several
volumes the one with the number of the segment is taken, counted from 0.`;

/** Adds `voxcord evaluate`. */
export function addEvaluateCommand(program: Command): void {
  program
    .command('evaluate')
    .description('measure label maps of a model, or of anybody, by the truth of a release')
    .argument('<release>', 'folder of an exported release, or its zip archive')
    .argument('<predictions>', 'folder of label maps, .nii or .nii.gz, one for each case')
    .option('--scores <folder>', 'scores of voxels, for the FROC of lesions')
    .addOption(
      new Option('--score <rule>', 'score of a mark, over its voxels').choices(['maximum', 'mean']).default('maximum')
    )
    .addOption(
      new Option('--missing <rule>', 'cases without a prediction')
        .choices(['count-as-empty', 'leave-out', 'refuse'])
        .default('count-as-empty')
    )
    .option(
      '--map <from=to>',
      'segment FROM of the predictions is TO in the release (repeatable)',
      mapOption,
      new Map()
    )
    .option('--tau <mm>', 'surfaces this far apart still agree (NSD); default: that of the protocol', lengthOption)
    .option('--definition <id>', 'of surface distances (repeatable); default: all', definitionOption, [])
    .option('--lesion <number>', 'this segment is a lesion, whatever the protocol says (repeatable)', segmentOption, [])
    .option('--allow-broken', 'go on although the release is broken, and mark the result', false)
    .option('--threads <number>', 'most cases at a time; default: one per processor', threadsOption)
    .option('-o, --output <folder>', 'write report.html, tables (CSV) and evaluation.json there')
    .option('--json', 'print the result as JSON, and nothing else on standard output', false)
    .addHelpText('after', `\n${FILES}`)
    .action(
      async (release: string, predictions: string, options: EvaluateCommandOptions & { readonly json: boolean }) => {
        const { evaluateCommand } = await import('./evaluateCommand.js');
        await evaluateCommand(release, predictions, options, new Output(process.stdout, process.stderr, options.json));
      }
    );
}

/** By the number in the release. */
function mapOption(text: string, previous: ReadonlyMap<number, number>): ReadonlyMap<number, number> {
  const [, from, to] = /^(\d{1,3})=(\d{1,3})$/.exec(text) ?? [];
  const [ofPrediction, ofRelease] = [Number(from), Number(to)];
  const isSegment = (number: number): boolean => number >= 1 && number <= 255;
  if (!isSegment(ofPrediction) || !isSegment(ofRelease)) {
    throw new InvalidArgumentError('It must be FROM=TO, two numbers from 1 to 255.');
  }
  return new Map([...previous, [ofRelease, ofPrediction]]);
}

function threadsOption(text: string): number {
  const number = Number(text);
  if (/^\d{1,3}$/.test(text) && number >= 1) return number;
  throw new InvalidArgumentError('It must be a whole number, 1 or more.');
}
