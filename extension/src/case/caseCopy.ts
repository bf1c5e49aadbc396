import type { CaseModel } from './caseModel.js';
import { gzip, labelsToNifti, offerDownload } from './labelsFile.js';

/** Downloads the label map as it is in this page, saved or not. */
export async function saveCopy(model: CaseModel): Promise<void> {
  const { session } = model;
  if (session === null) return;
  const labels = await gzip(labelsToNifti(session.labels.bitmap, session.volume));
  offerDownload(labels, `${fileName(model.title)} labels.nii.gz`);
}

function fileName(title: string): string {
  return title.replace(/[^\p{L}\p{N} ._-]+/gu, '_').trim() || 'case';
}
