/** Files that a case can be started from. */
export function isVolumeFile(path: string): boolean {
  return /\.nii(\.gz)?$/i.test(path);
}
