// Writes schemas/generated/ from the compiled schemas. Usage: node schemas/scripts/generate.mjs
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { makeGeneratedFiles } from '../lib/api/generatedFiles.js';

const workspace = fileURLToPath(new URL('..', import.meta.url));
const folder = path.join(workspace, 'generated');
const { version } = JSON.parse(readFileSync(path.join(workspace, 'package.json'), 'utf8'));

rmSync(folder, { recursive: true, force: true });
for (const [name, text] of makeGeneratedFiles(version)) {
  const file = path.join(folder, name);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, text);
}
