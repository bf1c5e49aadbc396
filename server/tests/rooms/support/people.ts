import { IDENTITY_HEADER } from '@voxcord/schemas/api';
import { SignJWT } from 'jose';
import { WebSocket } from 'ws';
import { SECRET } from './roomService.js';

export interface TestPerson {
  readonly username: string;
  readonly displayName: string;
}

export const ANA: TestPerson = { username: 'ana', displayName: 'Ana Sá' };
export const BEN: TestPerson = { username: 'ben', displayName: 'Ben Ito' };

/** What the Jupyter server would sign for this person. */
export function signedIdentity({ username, displayName }: TestPerson, changes: object = {}): Promise<string> {
  const now = Math.floor(Date.now() / 1000);
  return new SignJWT({
    iss: 'voxcord-jupyter',
    aud: 'voxcord-service',
    sub: username,
    name: displayName,
    iat: now,
    exp: now + 60,
    ...changes
  })
    .setProtectedHeader({ alg: 'HS256' })
    .sign(new TextEncoder().encode(SECRET));
}

/** A WebSocket class that carries an identity, as the proxy in front of the service adds it. */
export function socketClass(
  token: string,
  onSend: (data: unknown) => void = () => undefined
): typeof globalThis.WebSocket {
  const Socket = class extends WebSocket {
    constructor(url: string, protocols?: string | string[]) {
      super(url, protocols ?? [], { headers: { [IDENTITY_HEADER]: token } });
    }

    override send(data: Uint8Array): void {
      onSend(data);
      super.send(data);
    }
  };
  return Socket as unknown as typeof globalThis.WebSocket;
}
