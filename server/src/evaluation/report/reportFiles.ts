import { canonicalJson, evaluationTables } from '@voxcord/schemas/files';
import type { EvaluationReport } from './evaluationReport.js';
import { evaluationPage } from './reportPage.js';

/** What lies in the folder of a report: a page to read, tables, and everything as JSON. Equal reports give equal bytes. */
export function reportFiles(report: EvaluationReport): { readonly name: string; readonly text: string }[] {
  return [
    { name: 'report.html', text: evaluationPage(report) },
    ...evaluationTables(report.result),
    { name: 'evaluation.json', text: `${canonicalJson(report)}\n` }
  ];
}
