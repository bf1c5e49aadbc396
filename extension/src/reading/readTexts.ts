import type { TranslationBundle } from '@jupyterlab/translation';
import type { Read } from '@voxcord/schemas/api';
import { dayText } from '../ui/dates.js';

/** How far a read is. */
export function stateText({ state, revisions, purpose }: Read, trans: TranslationBundle): string {
  if (purpose === 'model') return trans.__('labelled by a model');
  switch (state) {
    case 'assigned':
      return trans.__('not begun');
    case 'open':
      return revisions === 0 ? trans.__('begun') : trans.__('reopened for revision %1', revisions + 1);
    case 'submitted':
      return revisions === 1 ? trans.__('submitted') : trans.__('submitted, revision %1', revisions);
  }
}

export function isOverdue({ state, due }: Read, now: number = Date.now()): boolean {
  return state !== 'submitted' && due !== null && Date.parse(due) < now;
}

/** When it is due; null: at no certain time, or it is done. */
export function dueText(read: Read, trans: TranslationBundle, now: number = Date.now()): string | null {
  if (read.due === null || read.state === 'submitted') return null;
  const day = dayText(read.due);
  return isOverdue(read, now) ? trans.__('overdue since %1', day) : trans.__('due %1', day);
}

/** Said of a read that follows another version of the protocol than the one in force; null: it follows that one. */
export function protocolFlag(read: Read, inForce: number | null, trans: TranslationBundle): string | null {
  const { protocolVersion } = read;
  if (inForce === null || protocolVersion === inForce) return null;
  return protocolVersion === null
    ? trans.__('begun outside the protocol')
    : trans.__('protocol version %1, now %2', protocolVersion, inForce);
}

/** The last moment of a day that was chosen in a date field (YYYY-MM-DD), in the reader's own time zone. */
export function endOfDay(day: string): string | null {
  const date = new Date(`${day}T23:59:59`);
  return day === '' || Number.isNaN(date.getTime()) ? null : date.toISOString();
}
