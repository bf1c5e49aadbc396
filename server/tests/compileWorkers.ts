import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

/** Threads and processes of the tests run the compiled code: it must be that of the sources under test. */
export default function compileWorkers(): void {
  const compiler = createRequire(import.meta.url).resolve('typescript/bin/tsc');
  const project = fileURLToPath(new URL('..', import.meta.url));
  const { status } = spawnSync(process.execPath, [compiler, '-b', project], { stdio: 'inherit' });
  if (status === 0) return;
  process.stderr.write('The service does not compile, so its threads cannot be tested.\n');
  process.exit(1);
}
