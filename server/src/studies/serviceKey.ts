import Type from 'typebox';
import { Compile } from 'typebox/compile';
import { StoreError, type Catalogue } from '../store/store.js';
import { generateKey, keyFromPem, type UnlockedKey } from '../truth/index.js';

const KEY = 'service-key';
const isStored = Compile(Type.Object({ pem: Type.String(), createdAt: Type.String() }));

/** The service's own key, which says where something was signed. Made once. */
export async function openServiceKey(catalogue: Catalogue, now: () => Date): Promise<UnlockedKey> {
  const owner = { kind: 'service' } as const;
  const value = await catalogue.get('setting', KEY);
  if (value !== null) {
    if (isStored.Check(value)) return keyFromPem(value.pem, owner, new Date(value.createdAt));
    throw new StoreError('corrupt', 'The key of the service is damaged. Restore the data folder from a backup.');
  }
  const key = generateKey(owner, now());
  const pem = key.privateKey.export({ format: 'pem', type: 'pkcs8' }).toString();
  await catalogue.insert('setting', KEY, null, { pem, createdAt: key.public.createdAt });
  return key;
}
