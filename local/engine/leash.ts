/**
 * Python code that runs a module and ends it, with everything it has started, once stdin closes.
 * The kernel closes stdin however the process at its other end ends.
 */
export const pythonOnLeash = `
import os, runpy, sys, threading
def watch():
    while os.read(0, 4096):
        pass
    os.killpg(os.getpgrp(), 9)
threading.Thread(target=watch, daemon=True).start()
sys.argv = sys.argv[1:]
runpy.run_module(sys.argv[0], run_name='__main__', alter_sys=True)
`;

/** A module for `node --import` that ends the program once stdin closes. */
export const nodeLeash = `data:text/javascript,${encodeURIComponent(
  'process.stdin.on("close", () => process.exit(1)).resume().unref();',
)}`;
