import Type, { type Static } from 'typebox';
import { Instant, Sha256, Username } from './values.js';

/** What a signature says (21 CFR 11.50): shown wherever the signature is. */
export const SignatureMeaning = Type.Union(
  [Type.Literal('authorship'), Type.Literal('review'), Type.Literal('approval'), Type.Literal('responsibility')],
  { title: 'SignatureMeaning' }
);
export type SignatureMeaning = Static<typeof SignatureMeaning>;

/** Second factor of a signature. Any text may be tried: what is too short is a wrong one, and counted. */
export const Passphrase = Type.String({
  minLength: 1,
  maxLength: 256,
  description: 'Unlocks the private key of the person who signs'
});

export const ChosenPassphrase = Type.String({ minLength: 10, maxLength: 256 });

/** Goes with a request that signs something: being signed in is not enough. */
export const Signing = Type.Object(
  { meaning: SignatureMeaning, passphrase: Passphrase },
  { title: 'Signing', additionalProperties: false }
);
export type Signing = Static<typeof Signing>;

/** A signature as people read it. The signed bytes are in the record's envelope. */
export const Signature = Type.Object(
  {
    username: Username,
    name: Type.String({ minLength: 1, maxLength: 255, description: 'Printed name at the time of signing' }),
    time: Instant,
    meaning: SignatureMeaning,
    keyId: Sha256
  },
  { title: 'Signature', additionalProperties: false }
);
export type Signature = Static<typeof Signature>;

/** Whether somebody can sign, and if not, why. */
export const SigningKey = Type.Object(
  {
    keyId: Type.Union([Sha256, Type.Null()], { description: 'Null: this person has not chosen a passphrase yet' }),
    createdAt: Type.Union([Instant, Type.Null()]),
    lockedUntil: Type.Union([Instant, Type.Null()], { description: 'After too many wrong passphrases' })
  },
  { title: 'SigningKey', additionalProperties: false }
);
export type SigningKey = Static<typeof SigningKey>;

/** Makes the signing key, or protects it with another passphrase (`current` is then needed). */
export const NewPassphrase = Type.Object(
  { passphrase: ChosenPassphrase, current: Type.Optional(Passphrase) },
  { title: 'NewPassphrase', additionalProperties: false }
);
export type NewPassphrase = Static<typeof NewPassphrase>;
