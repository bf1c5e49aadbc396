/** The next number of a stream that does not end. */
export function draw(stream: Iterator<number, unknown>): number {
  const next = stream.next();
  if (next.done === true) throw new Error('The stream has ended.');
  return next.value;
}
