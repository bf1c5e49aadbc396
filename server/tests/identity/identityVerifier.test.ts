import { IDENTITY_HEADER } from '@voxcord/schemas/api';
import { SignJWT, UnsecuredJWT } from 'jose';
import type { JWTPayload } from 'jose';
import { describe, expect, it } from 'vitest';
import { createIdentityVerifier } from '../../src/identity/identityVerifier.js';

const SECRET = 'a shared secret of at least thirty-two bytes';
const verify = createIdentityVerifier(SECRET);

function now(): number {
  return Math.floor(Date.now() / 1000);
}

function claims(changes: JWTPayload = {}): JWTPayload {
  return {
    iss: 'voxcord-jupyter',
    aud: 'voxcord-service',
    sub: 'ana',
    name: 'Ana Sá',
    iat: now(),
    exp: now() + 60,
    ...changes
  };
}

function sign(payload: JWTPayload, secret = SECRET, algorithm = 'HS256'): Promise<string> {
  return new SignJWT(payload).setProtectedHeader({ alg: algorithm }).sign(new TextEncoder().encode(secret));
}

describe(`The identity in ${IDENTITY_HEADER}`, () => {
  it('stands for a person, with initials and a colour of their own', async () => {
    const person = await verify(await sign(claims()));
    expect(person).toMatchObject({ username: 'ana', displayName: 'Ana Sá', initials: 'AS' });
    expect(person.colour).toMatch(/^#[0-9a-f]{6}$/);
    expect(await verify(await sign(claims({ name: 'Another Name' })))).toMatchObject({ colour: person.colour });
  });

  it('takes the colour and initials of the token if they are usable', async () => {
    const person = await verify(await sign(claims({ color: '#ABCDEF', initials: 'xy' })));
    expect(person).toMatchObject({ colour: '#abcdef', initials: 'xy' });
    const other = await verify(await sign(claims({ color: 'var(--jp-collaborator-color3)' })));
    expect(other.colour).toMatch(/^#[0-9a-f]{6}$/);
  });

  const refused: [string, () => Promise<string>, string][] = [
    ['is missing', () => Promise.resolve(''), 'identity.missing'],
    ['is no token', () => Promise.resolve('ana'), 'identity.invalid'],
    [
      'is signed with another secret',
      () => sign(claims(), 'another secret of at least thirty-two bytes!'),
      'identity.invalid'
    ],
    ['is not signed', () => Promise.resolve(new UnsecuredJWT(claims()).encode()), 'identity.invalid'],
    ['is signed with another algorithm', () => sign(claims(), SECRET.repeat(2), 'HS512'), 'identity.invalid'],
    ['has expired', () => sign(claims({ iat: now() - 120, exp: now() - 60 })), 'identity.expired'],
    ['is from the future', () => sign(claims({ iat: now() + 100, exp: now() + 160 })), 'identity.invalid'],
    ['lives too long', () => sign(claims({ exp: now() + 86_400 })), 'identity.invalid'],
    ['is for another service', () => sign(claims({ aud: 'another' })), 'identity.invalid'],
    ['is from another issuer', () => sign(claims({ iss: 'another' })), 'identity.invalid'],
    ['is called like a model', () => sign(claims({ sub: 'model:liver@1.0.0' })), 'identity.invalid'],
    ['names nobody', () => sign(claims({ sub: '' })), 'identity.invalid'],
    [
      'never expires',
      () => {
        const { exp: _exp, ...rest } = claims();
        return sign(rest);
      },
      'identity.invalid'
    ],
    ['is longer than any token', () => Promise.resolve('x'.repeat(100_000)), 'identity.invalid']
  ];
  it.each(refused)('is refused if it %s', async (_what, token, code) => {
    await expect(verify(await token())).rejects.toMatchObject({ name: 'IdentityError', code });
  });

  it('is refused with any byte of it changed', async () => {
    const token = await sign(claims());
    for (let index = 0; index < token.length - 1; index += 7) {
      const other = token[index] === 'A' ? 'B' : 'A';
      await expect(verify(token.slice(0, index) + other + token.slice(index + 1))).rejects.toMatchObject({
        name: 'IdentityError'
      });
    }
  });

  it('needs a secret that cannot be guessed', () => {
    expect(() => createIdentityVerifier('short')).toThrow(/at least 32 bytes/);
  });
});
