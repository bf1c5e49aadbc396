import { realpath, stat } from 'node:fs/promises';
import path from 'node:path';
import { RequestError } from './errors.js';

/** The folders that files may be imported from. */
export class AllowedRoots {
  constructor(private readonly roots: readonly string[]) {}

  /**
   * The real path of a file below one of the roots. Symbolic links are followed first, so that none leads out. What is
   * outside and what is not there get the same answer. Throws `RequestError` (`path.unknown`).
   */
  async resolve(relative: string): Promise<string> {
    if (!relative.includes('\0') && !path.isAbsolute(relative)) {
      for (const root of this.roots) {
        const file = await fileBelow(root, relative);
        if (file !== null) return file;
      }
    }
    throw new RequestError(
      'path.unknown',
      'There is no such file in the folders that the service may read. Check the path, or upload the file.'
    );
  }
}

async function fileBelow(root: string, relative: string): Promise<string | null> {
  try {
    const realRoot = await realpath(root);
    const real = await realpath(path.join(realRoot, relative));
    const inside = path.relative(realRoot, real);
    if (inside === '' || inside === '..' || inside.startsWith(`..${path.sep}`) || path.isAbsolute(inside)) return null;
    return (await stat(real)).isFile() ? real : null;
  } catch {
    return null;
  }
}
