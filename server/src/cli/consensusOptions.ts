import type { RegionRule } from '@voxcord/schemas/api';
import { InvalidArgumentError, Option, type Command } from 'commander';
import type { ConsensusOptions } from './consensusCommand.js';
import { parseLength } from './lengths.js';
import { Output } from './output.js';

const METHODS = `Methods:
  vote               without --segment and --threshold the most frequent label of each voxel; else the segments that at
                     least K readers marked. K left out: more than half.
  staple             STAPLE for each segment by itself, as ITK's STAPLEImageFilter
  staple-multilabel  STAPLE of all labels together, in double precision, as ITK's MultiLabelSTAPLEImageFilter; with
                     --segment all labels are estimated and that one is answered
  sba                shape-based averaging of signed distances in mm

Ties are half of the readers for a segment (of an even number, with K left out or more than half), labels with as many
votes, a probability exactly at the threshold, a mean distance of 0, and with two readers of STAPLE all voxels that one
of them marked. Undecided voxels get the largest label of the input + 1 in the hard map, as in ITK.

The region of STAPLE is part of its answer: with --json each segment tells it, and how many voxels it has with other
regions. Outside the region the soft map is 0.`;

/** Adds `voxcord consensus`. */
export function addConsensusCommand(program: Command): void {
  program
    .command('consensus')
    .description('one label map of several, by one method, on the grid of the first file')
    .argument('<files...>', 'label maps of the readers, .nii or .nii.gz; 1 to 16')
    .addOption(
      new Option('--method <method>', 'how').choices(['vote', 'staple', 'staple-multilabel', 'sba']).default('vote')
    )
    .option('--segment <number>', 'only this label; default: every label that occurs', segmentNumber)
    .addOption(
      new Option('--roi <region>', 'region of STAPLE: whole, union (box of all marks), or margin:MM (that box grown)')
        .argParser(regionRule)
        .default({ rule: 'whole' }, 'whole')
    )
    .option('--weight <W>', "staple: ITK's ConfidenceWeight; default: 1", positive)
    .option(
      '--threshold <K>',
      'vote: votes needed; staple: probability above which a voxel is in, default 0.5',
      positive
    )
    .addOption(
      new Option('--ties <rule>', 'what a tie becomes')
        .choices(['background', 'foreground', 'undecided'])
        .default('undecided')
    )
    .option('--reader-weights <list>', 'vote and sba: weights of the files, as 1,1,0.5', weightList)
    .addOption(
      new Option('--compat <version>', 'staple-multilabel: seeds as in old versions of ITK').choices(['itk5.2'])
    )
    .option('--resample', 'bring the other files onto the grid of the first, by nearest neighbour', false)
    .option('--allow-flipped', 'go on although a file seems to be upside down', false)
    .option('-o, --output <file>', 'hard map, 8-bit labels, .nii or .nii.gz')
    .option('--soft <file>', 'soft map, 64-bit floating point; of several segments one frame each, in ascending order')
    .option('--json', 'print the result as JSON, and nothing else on standard output', false)
    .addHelpText('after', `\n${METHODS}`)
    .action(async (files: string[], options: ConsensusOptions & { readonly json: boolean }) => {
      const { consensusCommand } = await import('./consensusCommand.js');
      await consensusCommand(files, options, new Output(process.stdout, process.stderr, options.json));
    });
}

function segmentNumber(value: string): number {
  const number = Number(value);
  if (/^\d{1,3}$/.test(value) && number >= 1 && number <= 255) return number;
  throw new InvalidArgumentError('Segments have numbers from 1 to 255.');
}

function regionRule(value: string): RegionRule {
  if (value === 'whole' || value === 'union') return { rule: value };
  const millimetres = value.startsWith('margin:') ? parseLength(value.slice('margin:'.length)) : null;
  if (millimetres !== null && millimetres <= 1000) return { rule: 'margin', millimetres };
  throw new InvalidArgumentError('It must be whole, union or margin:MM, with 0 to 1000 mm.');
}

function positive(value: string): number {
  const number = Number(value);
  if (value.trim() !== '' && Number.isFinite(number) && number > 0) return number;
  throw new InvalidArgumentError('It must be a number above 0.');
}

function weightList(value: string): number[] {
  const weights = value.split(',').map(part => (part.trim() === '' ? Number.NaN : Number(part)));
  if (weights.every(weight => Number.isFinite(weight) && weight >= 0) && weights.some(weight => weight > 0)) {
    return weights;
  }
  throw new InvalidArgumentError('It must be numbers of 0 or more, separated by commas, one of them above 0.');
}
