import { createServer } from 'node:http';
import { readFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { join, normalize } from 'node:path';

const TYPES: { readonly [ending: string]: string } = {
  js: 'text/javascript',
  css: 'text/css',
  wasm: 'application/wasm'
};
const PAGE = `<!doctype html><html><head><meta charset="utf-8"><link rel="stylesheet" href="page.css">
<style>html,body{margin:0;height:100%;background:#fff}.vx-CaseViewer{width:100vw;height:100vh}</style></head>
<body><script src="page.js"></script></body></html>`;

/** An isolated page has a clock of 5 µs instead of 100 µs. */
const ISOLATION = { 'cross-origin-opener-policy': 'same-origin', 'cross-origin-embedder-policy': 'require-corp' };

export interface PageServer {
  readonly url: string;
  close(): Promise<void>;
}

/** Serves a bundled page from a folder, on a free port of this machine only. */
export async function servePage(folder: string): Promise<PageServer> {
  const server = createServer((request, response) => {
    for (const [name, value] of Object.entries(ISOLATION)) response.setHeader(name, value);
    const name = normalize(new URL(request.url ?? '/', 'http://localhost').pathname).slice(1);
    if (name === '') {
      response.setHeader('content-type', 'text/html').end(PAGE);
      return;
    }
    readFile(join(folder, name)).then(
      bytes =>
        response.setHeader('content-type', TYPES[name.split('.').pop() ?? ''] ?? 'application/octet-stream').end(bytes),
      () => response.writeHead(404).end()
    );
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/`,
    close: () => new Promise(resolve => server.close(() => resolve()))
  };
}
