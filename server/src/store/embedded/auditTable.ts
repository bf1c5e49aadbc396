import type { StatementSync } from 'node:sqlite';
import { StoreError } from '../store.js';
import { BATCH_BYTES, BATCH_ENTRIES } from './batches.js';
import { integer, text } from './columns.js';
import type { DatabaseRequests, ScannedDocument } from './requests.js';

type Ask<Name extends keyof DatabaseRequests> = DatabaseRequests[Name]['ask'];

/** The audit logs of the database; every call runs inside the transaction of its group. */
export class AuditTable {
  constructor(private readonly statement: (sql: string) => StatementSync) {}

  append({ chain, entry, content }: Ask<'appendAudit'>): null {
    const last = this.statement('SELECT sequence, hash FROM audit WHERE chain = ? ORDER BY sequence DESC LIMIT 1').get(
      chain
    );
    const sequence = last === undefined ? 0 : integer(last, 'sequence');
    const previous = last === undefined ? null : text(last, 'hash');
    if (entry.sequence !== sequence + 1 || entry.previous !== previous) {
      throw new StoreError('exists', 'Something else was written to the audit log in between.');
    }
    this.statement('INSERT INTO audit (chain, sequence, hash, content) VALUES (?, ?, ?, ?)').run(
      chain,
      entry.sequence,
      entry.hash,
      content
    );
    return null;
  }

  last({ chain }: Ask<'lastAudit'>): string | null {
    const row = this.statement('SELECT content FROM audit WHERE chain = ? ORDER BY sequence DESC LIMIT 1').get(chain);
    return row === undefined ? null : text(row, 'content');
  }

  scan({ chain, after }: Ask<'scanAudit'>): ScannedDocument[] {
    const entries: ScannedDocument[] = [];
    let bytes = 0;
    const rows = this.statement(
      'SELECT sequence, content FROM audit WHERE chain = ? AND sequence > ? ORDER BY sequence LIMIT ?'
    ).iterate(chain, after, BATCH_ENTRIES);
    for (const row of rows) {
      const value = text(row, 'content');
      entries.push({ position: integer(row, 'sequence'), value });
      bytes += value.length;
      if (bytes >= BATCH_BYTES) break;
    }
    return entries;
  }
}
