import { fileURLToPath } from 'node:url';

/**
 * Address of the compiled module `name` beside the module `from`. Worker threads run compiled JavaScript; a module
 * that itself runs from its source (as in tests) finds the compiled twin under `lib/`, which `tsc -b` writes.
 */
export function compiledModule(from: string, name: string): URL {
  const beside = new URL(`./${name}.js`, from);
  if (!fileURLToPath(from).endsWith('.ts')) return beside;
  return new URL(beside.href.replace(/\/src\/(?!.*\/src\/)/, '/lib/'));
}
