import type { IStateDB } from '@jupyterlab/statedb';
import type { ReadonlyPartialJSONValue } from '@lumino/coreutils';
import type { PointerTool, ViewerState } from '../viewer/index.js';
import type { CaseDisplayState } from './caseDisplay.js';

/** How a person left a case: restored when they open it again. */
export interface CaseViewState {
  readonly viewer: ViewerState;
  readonly display: CaseDisplayState;
  readonly tool: PointerTool;
  readonly segment: number | null;
  readonly volume: string | null;
  readonly read: string | null;
}

export interface RecentCase {
  readonly case: string;
  readonly title: string;
  /** The `.voxcord` file that it was opened by, if any. */
  readonly path: string | null;
}

const VIEW = 'voxcord:view:';
const RECENT = 'voxcord:recent';
const MAX_RECENT = 8;

/** What this page remembers about cases, in JupyterLab's state of the workspace. */
export class CaseMemory {
  constructor(private readonly state: IStateDB | null) {}

  async view(caseId: string): Promise<CaseViewState | null> {
    const kept = await this.state?.fetch(VIEW + caseId);
    return (kept as unknown as CaseViewState | undefined) ?? null;
  }

  async keepView(caseId: string, view: CaseViewState): Promise<void> {
    await this.state?.save(VIEW + caseId, view as unknown as ReadonlyPartialJSONValue);
  }

  async recent(): Promise<RecentCase[]> {
    const kept = await this.state?.fetch(RECENT);
    return (kept as unknown as RecentCase[] | undefined) ?? [];
  }

  async noteOpened(opened: RecentCase): Promise<void> {
    const others = (await this.recent()).filter(recent => recent.case !== opened.case);
    const recent = [opened, ...others].slice(0, MAX_RECENT);
    await this.state?.save(RECENT, recent as unknown as ReadonlyPartialJSONValue);
  }
}
