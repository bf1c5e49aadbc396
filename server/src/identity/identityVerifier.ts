import { IdentityClaims } from '@voxcord/schemas/api';
import type { Person } from '@voxcord/schemas/api';
import { isModel } from '@voxcord/schemas/models';
import { errors, jwtVerify } from 'jose';
import { Compile } from 'typebox/compile';
import { IdentityError } from './identityError.js';
import { initialsOf, personColour } from './personColours.js';

/** Resolves with who the token stands for; rejects with `IdentityError`. */
export type IdentityVerifier = (token: string) => Promise<Person>;

const SHORTEST_SECRET_BYTES = 32;
/** Tokens are made for one request: one that lives longer was not made by the Jupyter server. */
const LONGEST_LIFE_SECONDS = 300;
const CLOCK_TOLERANCE_SECONDS = 5;
const LONGEST_TOKEN = 8192;

const claims = Compile(IdentityClaims);

/**
 * Verifies the tokens of header `x-voxcord-identity` (JWS compact, HS256) with the secret that the Jupyter server and
 * the service share. A secret below 32 bytes is refused.
 */
export function createIdentityVerifier(secret: string | Uint8Array): IdentityVerifier {
  const key = typeof secret === 'string' ? new TextEncoder().encode(secret) : secret;
  if (key.byteLength < SHORTEST_SECRET_BYTES) {
    throw new IdentityError('identity.secret', `The shared secret needs at least ${SHORTEST_SECRET_BYTES} bytes.`);
  }
  return async token => {
    if (token === '') throw new IdentityError('identity.missing', 'Sign in: the request carries no identity.');
    const payload = await verified(token, key);
    const lifetime = payload.exp - payload.iat;
    if (lifetime > LONGEST_LIFE_SECONDS) {
      throw new IdentityError('identity.invalid', 'The identity is valid for too long: make a new one per request.');
    }
    if (isModel(payload.sub)) {
      throw new IdentityError('identity.invalid', 'Names of people must not begin with "model:": choose another one.');
    }
    return {
      username: payload.sub,
      displayName: payload.name,
      initials: payload.initials ?? initialsOf(payload.name),
      colour: personColour(payload.sub, payload.color)
    };
  };
}

async function verified(token: string, key: Uint8Array): Promise<IdentityClaims> {
  if (token.length > LONGEST_TOKEN) throw new IdentityError('identity.invalid', 'The identity is too long.');
  try {
    const { payload } = await jwtVerify(token, key, {
      algorithms: ['HS256'],
      issuer: 'voxcord-jupyter',
      audience: 'voxcord-service',
      requiredClaims: ['sub', 'iat', 'exp'],
      clockTolerance: CLOCK_TOLERANCE_SECONDS,
      maxTokenAge: LONGEST_LIFE_SECONDS
    });
    if (!claims.Check(payload)) {
      throw new IdentityError('identity.invalid', 'The identity lacks a claim, or one has the wrong type.');
    }
    return payload;
  } catch (cause) {
    if (cause instanceof IdentityError) throw cause;
    if (cause instanceof errors.JWTExpired) {
      throw new IdentityError('identity.expired', 'The identity has expired: reload the page.', { cause });
    }
    throw new IdentityError('identity.invalid', 'The identity is not valid: sign in again.', { cause });
  }
}
