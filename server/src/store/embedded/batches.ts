/** A batch of the log, of documents or of audit entries holds at least one and otherwise stays below both. */
export const BATCH_ENTRIES = 512;
export const BATCH_BYTES = 1024 * 1024;
