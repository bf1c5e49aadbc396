import type { PhantomPhase, PhantomPlan, ReaderProfileName, SimulatedRead } from '../phantom/index.js';
import type { GeneratedPhantom, GeneratedPhase, GeneratedReader } from './results.js';

/** What is true of a phantom in all phases. */
export function phantomRecord({
  subject,
  grid,
  acquisition
}: PhantomPlan): Omit<GeneratedPhantom, 'folder' | 'phases'> {
  return {
    seed: subject.seed,
    dims: grid.dims,
    affine: grid.affine,
    acquisition,
    segments: { liver: 1, nodule: 2 },
    nodules: subject.lesions.nodules.map(({ id, site, centre, volumeMm3, longAxisMm, features, hu }) => ({
      id,
      site,
      centre,
      volumeMm3,
      longAxisMm,
      features,
      hu
    })),
    mimics: subject.lesions.mimics.map(({ kind, centre, diameterMm }) => ({ kind, centre, diameterMm }))
  };
}

export function phaseRecord({
  phase,
  motion,
  nodules
}: PhantomPhase): Pick<GeneratedPhase, 'phase' | 'motion' | 'nodules'> {
  return {
    phase,
    motion,
    nodules: nodules.map(({ nodule, centre, volumeMm3 }) => ({ id: nodule.id, centre, volumeMm3 }))
  };
}

export function readerRecord(file: string, profile: ReaderProfileName, read: SimulatedRead): GeneratedReader {
  const { found, missed, falseMarks, liver, nodules } = read;
  return { file, profile, found, missed, falseMarks, liver, nodules };
}
