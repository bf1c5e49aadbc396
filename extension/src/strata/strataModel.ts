import type { CaseStrata, StrataChanges } from '@voxcord/schemas/api';
import { ProjectPart } from '../service/projectPart.js';

/** The groups that the cases of a project belong to, as a table: a row for each case, a column for each property. */
export class StrataModel extends ProjectPart {
  private _cases: readonly CaseStrata[] | null = null;
  private _names: readonly string[] = [];

  /** Null: not loaded yet. */
  get cases(): readonly CaseStrata[] | null {
    return this._cases;
  }

  /** Names of the columns: those that cases had at first by name, then what came later. None leaves by being emptied. */
  get names(): readonly string[] {
    return this._names;
  }

  /** What cases have in a column, each value once. */
  valuesOf(name: string): readonly string[] {
    return [...new Set(this._cases?.flatMap(({ strata }) => valueIn(strata, name) ?? []))].sort();
  }

  addColumn(name: string): void {
    this._names = [...new Set([...this._names, name])];
    this.emit();
  }

  /** Empty: takes the case out of the group. */
  async set(caseId: string, name: string, value: string): Promise<void> {
    await this.change({ [caseId]: { [name]: value.trim() === '' ? null : value.trim() } });
  }

  async change(changes: StrataChanges): Promise<void> {
    this.take(await this.service.api.call('changeStrata', { params: { projectId: this.projectId }, body: changes }));
    this.emit();
  }

  /** Takes all cases out of it, also those that others have put into it meanwhile. */
  async removeColumn(name: string): Promise<void> {
    const known = this._cases ?? [];
    if (known.length > 0) {
      await this.change(Object.fromEntries(known.map(({ caseId }) => [caseId, { [name]: null }])));
    }
    if (this.valuesOf(name).length === 0) this._names = this._names.filter(other => other !== name);
    this.emit();
  }

  protected override async fetch(): Promise<void> {
    this.take(await this.service.api.call('listStrata', { params: { projectId: this.projectId } }));
  }

  private take(cases: readonly CaseStrata[]): void {
    this._cases = cases;
    const found = cases.flatMap(({ strata }) => Object.keys(strata)).sort();
    this._names = [...new Set([...this._names, ...found])];
  }
}

/** Undefined: the case is not in any group of this name. */
export function valueIn(strata: CaseStrata['strata'], name: string): string | undefined {
  return Object.hasOwn(strata, name) ? strata[name] : undefined;
}
