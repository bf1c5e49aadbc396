import { Notification } from '@jupyterlab/apputils';

/** As long as it takes to read two sentences; ms. */
const READING_TIME = 8000;

/*
 * JupyterLab puts a notification into its list and shows it to nobody unless it is told for how long. These are seen.
 */

/** Something went wrong: stays until it is closed. */
export function tellProblem(text: string): void {
  Notification.error(text, { autoClose: false });
}

/** Something cannot be done yet, or not in this way. */
export function tellWarning(text: string): void {
  Notification.warning(text, { autoClose: READING_TIME });
}

/** Something to know. */
export function tellNews(text: string): void {
  Notification.info(text, { autoClose: READING_TIME });
}

/** Something is done. */
export function tellSuccess(text: string): void {
  Notification.success(text, { autoClose: READING_TIME });
}
