import { existsSync, readFileSync } from 'node:fs';
import { readJson } from './project.mjs';

/** @typedef {{ passed: number, failed: number, skipped: number }} Counts */

/**
 * Counts of vitest's `json` reporter; null if there is no report.
 * @param {string} file
 * @returns {Counts | null}
 */
export function readVitest(file) {
  const report = /** @type {any} */ (readJson(file));
  if (report === undefined) return null;
  // A file that cannot even be loaded has failed, although it counts no test.
  const broken = report.testResults.filter(
    /** @param {any} result */ result => result.status === 'failed' && result.assertionResults.length === 0
  ).length;
  return {
    passed: report.numPassedTests,
    failed: report.numFailedTests + broken,
    skipped: report.numPendingTests + report.numTodoTests
  };
}

/**
 * Counts of a JUnit file, as pytest writes it; null if there is no report.
 * @param {string} file
 * @returns {Counts | null}
 */
export function readJUnit(file) {
  if (!existsSync(file)) return null;
  const suite = /<testsuite\s[^>]*>/.exec(readFileSync(file, 'utf8'))?.[0];
  if (suite === undefined) return null;
  /** @param {string} name */
  const number = name => Number(new RegExp(`\\s${name}="(\\d+)"`).exec(suite)?.[1] ?? 0);
  const failed = number('failures') + number('errors');
  const skipped = number('skipped');
  return { passed: Math.max(0, number('tests') - failed - skipped), failed, skipped };
}

/**
 * Counts of Playwright's `json` reporter; null if there is no report. A test that passed only when it was tried again
 * has failed: here nothing may depend on luck.
 * @param {string} file
 * @returns {Counts | null}
 */
export function readPlaywright(file) {
  const report = /** @type {any} */ (readJson(file));
  if (report === undefined) return null;
  const { expected, unexpected, flaky, skipped } = report.stats;
  const broken = expected + unexpected + flaky + skipped === 0 ? report.errors.length : 0;
  return { passed: expected, failed: unexpected + flaky + broken, skipped };
}

/**
 * The line that ends a run.
 * @param {Counts} counts
 */
export function closingLine({ passed, failed, skipped }) {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
}
