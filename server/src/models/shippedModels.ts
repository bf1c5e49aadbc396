import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/**
 * Folder of the models that come with the program: that in the environment variable VOXCORD_MODELS, else `models/` beside
 * the server's package; null if there is none.
 */
export function shippedModels(environment: NodeJS.ProcessEnv): string | null {
  const named = environment['VOXCORD_MODELS'];
  if (named !== undefined) return named === '' ? null : named;
  const beside = fileURLToPath(new URL('../../../models', import.meta.url));
  return existsSync(beside) ? beside : null;
}
