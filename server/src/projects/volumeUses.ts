import Type from 'typebox';
import { Compile } from 'typebox/compile';
import { StoreError, type Store } from '../store/store.js';
import { readCase, readProject, type StoredCase } from './records.js';

const isUse = Compile(Type.Object({ caseId: Type.String() }));

/** Says that all cases are in the index. */
const COMPLETE = 'volume-uses';

/** In which cases a volume is: an index, so that nobody has to look through all cases. */
export class VolumeUses {
  constructor(private readonly store: Pick<Store, 'catalogue'>) {}

  /** To be called before the case itself is stored, so that none is without its entries. */
  async note(case_: Pick<StoredCase, 'id' | 'volumes'>): Promise<void> {
    for (const hash of case_.volumes) {
      try {
        await this.store.catalogue.insert('volume-use', `${hash}/${case_.id}`, hash, { caseId: case_.id });
      } catch (error) {
        if (!(error instanceof StoreError) || error.code !== 'exists') throw error;
      }
    }
  }

  /** Ids of cases; one of them may never have been stored. */
  async casesOf(hash: string): Promise<string[]> {
    const uses = await this.store.catalogue.list('volume-use', hash);
    return uses.map(use => {
      if (isUse.Check(use)) return use.caseId;
      throw new StoreError('corrupt', 'The index of volumes is damaged. Restore the data folder from a backup.');
    });
  }

  /** Makes the index of a catalogue that has none, once. */
  async complete(): Promise<void> {
    const { catalogue } = this.store;
    if ((await catalogue.get('setting', COMPLETE)) !== null) return;
    for (const project of (await catalogue.list('project', null)).map(readProject)) {
      for (const case_ of (await catalogue.list('case', project.id)).map(readCase)) await this.note(case_);
    }
    await catalogue.insert('setting', COMPLETE, null, true);
  }
}
