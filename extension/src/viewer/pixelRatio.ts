/** Calls back when the page's pixel ratio changes: a window on another screen does not resize. Returns the end. */
export function watchPixelRatio(onChange: () => void): () => void {
  const watching = new AbortController();
  const watch = (): void => {
    const query = window.matchMedia(`(resolution: ${window.devicePixelRatio}dppx)`);
    const changed = (): void => {
      onChange();
      watch();
    };
    query.addEventListener('change', changed, { once: true, signal: watching.signal });
  };
  watch();
  return () => watching.abort();
}
