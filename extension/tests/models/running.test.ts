import { nullTranslator } from '@jupyterlab/translation';
import type { Case, ModelJob, NewModelJobs } from '@voxcord/schemas/api';
import { modelReader } from '@voxcord/schemas/models';
import { describe, expect, it } from 'vitest';
import { isBlinded } from '../../src/models/blindness.js';
import { durationText, memoryText, remainingText } from '../../src/models/jobTexts.js';
import { copyTargets, modelReads } from '../../src/models/modelReads.js';
import { modelIdOf, needsText } from '../../src/models/modelTexts.js';
import { obstacle } from '../../src/models/obstacles.js';
import type { ProjectJobs } from '../../src/models/projectJobs.js';
import { RunPlan } from '../../src/models/runPlan.js';
import { ADA, BEN, automatic, caseOn, job, prompted, read } from './support.js';

const trans = nullTranslator.load('voxcord');
const plan = (): RunPlan => new RunPlan((model, on) => obstacle(model, on, trans));

describe('a model is not run where it cannot work', () => {
  const net = automatic('net', '1.0.0', [0.5, 5]);

  it('on another modality, on voxels that are too small or too large, or when it answers clicks', () => {
    expect(obstacle(net, caseOn('a'), trans)).toBeNull();
    expect(obstacle(net, caseOn('a', 'MR'), trans)).toBe('The image is MR, the model needs CT.');
    expect(obstacle(net, caseOn('a', 'CT', [1, 1, 6]), trans)).toBe(
      'The image has voxels of 6 mm, the model takes 0.5 to 5 mm.'
    );
    expect(obstacle(net, caseOn('a', 'CT', [0.4, 1, 1]), trans)).toContain('0.4 mm');
    expect(obstacle(prompted('click'), caseOn('a'), trans)).toContain('clicks');
  });

  it('which the service has to say of images of a modality that is not known', () => {
    expect(obstacle(net, caseOn('a', 'unknown'), trans)).toBeNull();
  });
});

describe('what is about to be run', () => {
  it('is a model on the chosen cases that nothing speaks against', async () => {
    const asked: NewModelJobs[] = [];
    const jobs = {
      start: (wanted: NewModelJobs): Promise<readonly ModelJob[]> => {
        asked.push(wanted);
        return Promise.resolve([job('new')]);
      }
    } as unknown as ProjectJobs;
    const run = plan();
    run.cases = [caseOn('a'), caseOn('b', 'MR'), caseOn('c')];
    expect(run.mayStart).toBe(false);
    await expect(run.start(jobs)).rejects.toThrow('Choose a model');
    run.model = automatic('net');
    expect(run.mayStart).toBe(false);
    run.chooseAll(true);
    expect(run.runnable.map(({ id }) => id)).toEqual(['a', 'c']);
    run.choose('a', false);
    run.choose('b', true);
    run.priority = 'later';
    await run.start(jobs);
    expect(asked).toEqual([{ model: { name: 'net', version: '1.0.0' }, cases: ['c'], priority: 'later' }]);
    expect([run.mayStart, run.isStarting]).toEqual([false, false]);
  });

  it('leaves out cases that are not listed any more, and stays chosen when it could not be started', async () => {
    const run = plan();
    run.cases = [caseOn('a'), caseOn('b')];
    run.model = automatic('net');
    run.chooseAll(true);
    run.cases = [caseOn('b')];
    expect(run.runnable.map(({ id }) => id)).toEqual(['b']);
    const refusing = { start: () => Promise.reject(new Error('No.')) } as unknown as ProjectJobs;
    await expect(run.start(refusing)).rejects.toThrow('No.');
    expect(run.mayStart).toBe(true);
    run.chooseOnly('b');
    expect(run.isChosen('b')).toBe(true);
  });
});

describe('reads by models', () => {
  const title = 'Net';
  const model = modelReader({ name: 'net', version: '1.2.0', title });
  const byModel = read({ id: 'model', purpose: 'model', reader: model, state: 'submitted', mayWrite: false });
  const of = (...reads: Case['reads']): Case => ({ reads }) as unknown as Case;

  it('are called by name and version', () => {
    expect(modelIdOf(model)).toBe('net@1.2.0');
    expect(modelIdOf(ADA)).toBe('ada');
  });

  it('are copied into open reads of the same image that one paints in, own ones first', () => {
    const shared = read({ id: 'shared', access: 'shared', reader: BEN });
    const opened = of(
      shared,
      read({ id: 'own' }),
      byModel,
      read({ id: 'submitted', state: 'submitted' }),
      read({ id: 'other image', volume: 'w' }),
      read({ id: 'not to be written', mayWrite: false }),
      read({ id: 'truth', purpose: 'adjudication' }),
      read({ id: 'of Ben', reader: BEN })
    );
    expect(copyTargets(opened, byModel, 'ada').map(({ id }) => id)).toEqual(['own', 'shared']);
    expect(modelReads(opened).map(({ id }) => id)).toEqual(['model']);
    expect(modelReads(of({ ...byModel, mayView: false }))).toEqual([]);
  });

  it('are nothing for who reads the case blind, until the read is submitted', () => {
    const blind = read({ access: 'blind', protocolVersion: 1 });
    expect(isBlinded(of(blind), 'ada')).toBe(true);
    expect(isBlinded(of(blind), 'ben')).toBe(false);
    expect(isBlinded(of({ ...blind, state: 'assigned' }), 'ada')).toBe(true);
    expect(isBlinded(of({ ...blind, state: 'submitted' }), 'ada')).toBe(false);
    // Kept to oneself, outside any protocol.
    expect(isBlinded(of({ ...blind, protocolVersion: null }), 'ada')).toBe(false);
  });
});

describe('texts about models', () => {
  it('say what an image must be and at which voxels the network works', () => {
    expect(needsText(automatic('net').file, trans)).toBe('CT with voxels of 0.5 to 5 mm; works at 1.5 × 1.5 × 3 mm');
    expect(needsText(prompted('click').file, trans)).toBe('CT or MR; works on the voxels of the image');
  });

  it('round times and sizes as people say them', () => {
    expect([0.2, 14.4, 89, 90, 3599, 3600, 5000].map(seconds => durationText(seconds, trans))).toEqual([
      '1 s',
      '14 s',
      '89 s',
      '2 min',
      '1 h',
      '1 h',
      '1 h 23 min'
    ]);
    expect([38.2, 2900].map(size => memoryText(size, trans))).toEqual(['38 MB', '2.9 GB']);
    expect(remainingText(job('a', { remainingSeconds: 40 }), trans)).toBe('about 40 s left');
    expect(remainingText(job('a', { remainingSeconds: null }), trans)).toBeNull();
  });
});
