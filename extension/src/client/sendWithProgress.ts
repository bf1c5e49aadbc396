import type { ServerConnection } from '@jupyterlab/services';
import { VoxcordError } from './problems.js';

export interface UploadOptions {
  readonly signal?: AbortSignal;
  readonly onProgress?: (fraction: number) => void;
}

/**
 * Posts `bytes` with Jupyter's credentials and tells how much has left, which `fetch` cannot. Where a page has no
 * `XMLHttpRequest`, `request` sends it without telling. Rejects with `VoxcordError` when the server cannot be reached,
 * or with the signal's reason.
 */
export function sendWithProgress(
  address: string,
  bytes: Blob,
  settings: Pick<ServerConnection.ISettings, 'token'>,
  { signal, onProgress }: UploadOptions,
  request: (address: string, init: RequestInit) => Promise<Response>
): Promise<Response> {
  const headers: Record<string, string> = { 'Content-Type': 'application/octet-stream' };
  if (typeof XMLHttpRequest === 'undefined') {
    return request(address, { method: 'POST', headers, body: bytes, ...(signal === undefined ? {} : { signal }) });
  }
  if (settings.token !== '') headers['Authorization'] = `token ${settings.token}`;
  const xsrf = xsrfToken(document.cookie);
  if (xsrf !== null) headers['X-XSRFToken'] = xsrf;
  return new Promise((resolve, reject) => {
    signal?.throwIfAborted();
    const sending = new XMLHttpRequest();
    const abort = (): void => sending.abort();
    signal?.addEventListener('abort', abort, { once: true });
    sending.upload.onprogress = ({ loaded, total }) => onProgress?.(total === 0 ? 1 : loaded / total);
    sending.onloadend = () => signal?.removeEventListener('abort', abort);
    sending.onload = () => resolve(new Response(sending.responseText, { status: sending.status }));
    sending.onabort = () => reject(signal?.reason as Error);
    sending.onerror = () =>
      reject(
        new VoxcordError(
          'connection.lost',
          'The connection broke while the file was sent. Check the network and choose the file again.'
        )
      );
    sending.open('POST', address);
    for (const [name, value] of Object.entries(headers)) sending.setRequestHeader(name, value);
    sending.send(bytes);
  });
}

/** The last of several cookies of the name: the one that the server sees. */
function xsrfToken(cookies: string): string | null {
  const values = cookies.split(';').map(cookie => cookie.trim());
  return values.findLast(cookie => cookie.startsWith('_xsrf='))?.slice('_xsrf='.length) ?? null;
}
