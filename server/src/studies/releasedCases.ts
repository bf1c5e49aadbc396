import { StoreError, type Store } from '../store/store.js';

/** Which cases a release tells of: their reads are hidden no more. An index over the releases. */
export class ReleasedCases {
  constructor(private readonly store: Pick<Store, 'catalogue'>) {}

  async has(caseId: string): Promise<boolean> {
    return (await this.store.catalogue.get('setting', keyOf(caseId))) !== null;
  }

  /** A case stays released once it was: what people have seen cannot be hidden again. */
  async note(caseId: string, releaseId: string): Promise<void> {
    try {
      await this.store.catalogue.insert('setting', keyOf(caseId), null, { releaseId });
    } catch (error) {
      if (!(error instanceof StoreError) || error.code !== 'exists') throw error;
    }
  }
}

function keyOf(caseId: string): string {
  return `released-case/${caseId}`;
}
