import { chooseFile } from '../ui/chooseFile.js';

/** Lets the person choose a volume of this computer; null if they choose none. To be called from a click or a key. */
export function chooseVolumeFile(): Promise<File | null> {
  // Browsers know the last ending only.
  return chooseFile('.nii,.gz');
}
