import type { MainAreaWidget, WidgetTracker } from '@jupyterlab/apputils';
import { Token } from '@lumino/coreutils';
import type { CaseView } from './caseView.js';

/** The open cases, and the reviews of cases; `currentWidget` is the one in front, or was last. */
export type CaseTracker = WidgetTracker<MainAreaWidget<CaseView>>;

export const CaseTrackerToken = new Token<CaseTracker>(
  '@voxcord/extension:CaseTracker',
  'Tracks the open Voxcord cases.'
);
