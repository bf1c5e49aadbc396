import { SignJWT } from 'jose';

/** What the Jupyter server would say of Anna to a service with this secret. */
export function identityOfAnna(secret: string): Promise<string> {
  return new SignJWT({ name: 'Anna' })
    .setProtectedHeader({ alg: 'HS256' })
    .setSubject('anna')
    .setIssuer('voxcord-jupyter')
    .setAudience('voxcord-service')
    .setIssuedAt()
    .setExpirationTime('60 s')
    .sign(new TextEncoder().encode(secret));
}
