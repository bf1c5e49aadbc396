/** Between two looks at whether the hardware has finished. */
const LOOK_MS = 4;
/** A fence that never passes belongs to a context that is gone. */
const LOST_MS = 5000;

/**
 * Has the hardware draw and resolves when it has, with the ms that the drawing itself took: neither what
 * it had to do before nor the way there and back, which may take longer. Never blocks.
 */
export async function timeDrawing(gl: WebGL2RenderingContext, draw: () => void): Promise<number> {
  const before = fence(gl);
  draw();
  const after = fence(gl);
  const begun = await passed(gl, before);
  return (await passed(gl, after)) - begun;
}

function fence(gl: WebGL2RenderingContext): WebGLSync | null {
  const sync = gl.fenceSync(gl.SYNC_GPU_COMMANDS_COMPLETE, 0);
  gl.flush();
  return sync;
}

/** Resolves with the time at which the fence was seen to be passed. */
async function passed(gl: WebGL2RenderingContext, sync: WebGLSync | null): Promise<number> {
  const begun = performance.now();
  if (sync === null) return begun;
  while (!gl.isContextLost() && performance.now() - begun < LOST_MS) {
    if (gl.getSyncParameter(sync, gl.SYNC_STATUS) === gl.SIGNALED) break;
    await new Promise(resolve => setTimeout(resolve, LOOK_MS));
  }
  gl.deleteSync(sync);
  return performance.now();
}
