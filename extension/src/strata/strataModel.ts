import type { IDisposable } from '@lumino/disposable';
import { type ISignal, Signal } from '@lumino/signaling';
import type { CaseStrata, StrataChange } from '@voxcord/schemas/api';
import type { VoxcordService } from '../service/voxcordService.js';
import { pastedInto } from './pastedStrata.js';

/** The groups that the cases of a project belong to, as a table: a row for each case, a column for each property. */
export class StrataModel implements IDisposable {
  private _cases: readonly CaseStrata[] | null = null;
  private _names: readonly string[] = [];
  private _error: unknown = null;
  private _isDisposed = false;
  private readonly _changed = new Signal<this, void>(this);

  constructor(
    private readonly service: VoxcordService,
    private readonly projectId: string
  ) {}

  get changed(): ISignal<this, void> {
    return this._changed;
  }

  /** Null: not loaded yet. */
  get cases(): readonly CaseStrata[] | null {
    return this._cases;
  }

  get error(): unknown {
    return this._error;
  }

  /** Names of the columns: those that cases had at first by name, then what came later. None leaves by being emptied. */
  get names(): readonly string[] {
    return this._names;
  }

  /** What cases have in a column, each value once. */
  valuesOf(name: string): readonly string[] {
    const values = this._cases?.flatMap(({ strata }) => valueIn(strata, name) ?? []);
    return [...new Set(values)].sort();
  }

  async load(): Promise<void> {
    try {
      this._cases = await this.service.api.call('listStrata', { params: { projectId: this.projectId } });
      const found = this._cases.flatMap(({ strata }) => Object.keys(strata)).sort();
      this._names = [...new Set([...this._names, ...found])];
      this._error = null;
    } catch (error) {
      this._error = error;
    }
    this.emit();
  }

  addColumn(name: string): void {
    this._names = [...new Set([...this._names, name])];
    this.emit();
  }

  /** Empty: takes the case out of the group. */
  async set(caseId: string, name: string, value: string): Promise<void> {
    await this.change(caseId, { [name]: value.trim() === '' ? null : value.trim() });
  }

  /** Rows and columns as a spreadsheet copies them, from this field to the right and down. */
  async paste(caseId: string, name: string, text: string): Promise<void> {
    for (const [id, change] of pastedInto(this._cases ?? [], this.names, { caseId, name }, text)) {
      await this.change(id, change);
    }
  }

  /** Takes all cases out of it. */
  async removeColumn(name: string): Promise<void> {
    for (const { caseId, strata } of this._cases ?? []) {
      if (valueIn(strata, name) !== undefined) await this.change(caseId, { [name]: null });
    }
    this._names = this._names.filter(other => other !== name);
    this.emit();
  }

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  dispose(): void {
    if (this._isDisposed) return;
    this._isDisposed = true;
    Signal.clearData(this);
  }

  private async change(caseId: string, change: StrataChange): Promise<void> {
    const changed = await this.service.api.call('changeStrata', { params: { caseId }, body: change });
    this._cases = this._cases?.map(each => (each.caseId === caseId ? changed : each)) ?? null;
    this.emit();
  }

  private emit(): void {
    if (!this._isDisposed) this._changed.emit();
  }
}

/** Undefined: the case is not in any group of this name. */
export function valueIn(strata: CaseStrata['strata'], name: string): string | undefined {
  return Object.hasOwn(strata, name) ? strata[name] : undefined;
}
