// Runs once beside each project: makes a folder for what the tests of the run write, and removes it.
import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  interface ProvidedContext {
    /** The folder of this run, in which `temp` makes others. */
    temporary: string;
  }
}

export const setup = ({ provide }: TestProject): (() => void) => {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'cordon-tests-')));
  provide('temporary', folder);
  return () => rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
};
