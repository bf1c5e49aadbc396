import type { IDisposable } from '@lumino/disposable';
import { type ISignal, Signal } from '@lumino/signaling';
import type { CaseStrata, StrataChanges } from '@voxcord/schemas/api';
import { VoxcordError } from '../client/index.js';
import type { VoxcordService } from '../service/voxcordService.js';

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
    return [...new Set(this._cases?.flatMap(({ strata }) => valueIn(strata, name) ?? []))].sort();
  }

  async load(): Promise<void> {
    try {
      this.take(await this.service.api.call('listStrata', { params: { projectId: this.projectId } }));
    } catch (error) {
      // While the server cannot be reached, what is there stays; what one may no longer see does not.
      if (this._cases === null || error instanceof VoxcordError) this._error = error;
    }
    this.emit();
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

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  dispose(): void {
    if (this._isDisposed) return;
    this._isDisposed = true;
    Signal.clearData(this);
  }

  private take(cases: readonly CaseStrata[]): void {
    this._cases = cases;
    this._error = null;
    const found = cases.flatMap(({ strata }) => Object.keys(strata)).sort();
    this._names = [...new Set([...this._names, ...found])];
  }

  private emit(): void {
    if (!this._isDisposed) this._changed.emit();
  }
}

/** Undefined: the case is not in any group of this name. */
export function valueIn(strata: CaseStrata['strata'], name: string): string | undefined {
  return Object.hasOwn(strata, name) ? strata[name] : undefined;
}
