/** Between two looks at whether the hardware has finished. */
const LOOK_MS = 4;
/** A fence that never passes belongs to a context that is gone. */
const LOST_MS = 5000;

/** Resolves with the ms until the hardware has done all that was asked of it; never blocks. */
export async function whenDrawn(gl: WebGL2RenderingContext): Promise<number> {
  const begun = performance.now();
  const fence = gl.fenceSync(gl.SYNC_GPU_COMMANDS_COMPLETE, 0);
  gl.flush();
  if (fence === null) return 0;
  while (!gl.isContextLost() && performance.now() - begun < LOST_MS) {
    await new Promise(resolve => setTimeout(resolve, LOOK_MS));
    if (gl.getSyncParameter(fence, gl.SYNC_STATUS) === gl.SIGNALED) break;
  }
  gl.deleteSync(fence);
  return performance.now() - begun;
}
