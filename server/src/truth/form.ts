/** Whether a value has the form of a record; made with `Compile` of a schema. */
export interface Form<T> {
  Check(value: unknown): value is T;
}
