/** What a message of the thread or process that performs a task means. */
export type TaskOutcome<Result> =
  | { readonly state: 'running' }
  | { readonly state: 'done'; readonly result: Result }
  | { readonly state: 'failed'; readonly error: Error };
