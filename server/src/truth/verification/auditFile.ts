import { AuditEntry, type SealStatement } from '@voxcord/schemas/files';
import { Compile } from 'typebox/compile';
import { AuditCheck, type BrokenEntry } from '../auditChain.js';
import { parseCanonical } from '../parseCanonical.js';
import { BrokenRecord } from './verdict.js';

const entryForm = Compile(AuditEntry);
const LINE_END = 10;

/**
 * Follows `audit.jsonl` from its first line to the sealed head. Answers what should be known of the clock. Throws
 * `BrokenRecord`, named by the number of the entry.
 */
export function checkAuditFile(
  bytes: Uint8Array,
  project: string,
  span: SealStatement['predicate']['audit']
): string[] {
  const check = new AuditCheck({ chain: project, ...span });
  const warnings: string[] = [];
  for (let start = 0; start < bytes.length;) {
    const newline = bytes.indexOf(LINE_END, start);
    const end = newline === -1 ? bytes.length : newline;
    const sequence = check.next;
    const parsed = parseCanonical(bytes.subarray(start, end));
    if (!parsed.ok || !entryForm.Check(parsed.value)) {
      throw new BrokenRecord(`audit.jsonl#${sequence}`, 'the line does not hold an audit entry as it was written');
    }
    refuse(check.add(parsed.value));
    if (parsed.value.clock === 'set-back') {
      warnings.push(`The clock had been set back at audit entry ${sequence}: it showed ${parsed.value.wall}.`);
    }
    start = end + 1;
  }
  refuse(check.end());
  return warnings;
}

function refuse(broken: BrokenEntry | null): void {
  if (broken !== null) throw new BrokenRecord(`audit.jsonl#${broken.sequence}`, broken.reason);
}
