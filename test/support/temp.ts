import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { inject } from 'vitest';

/** An empty folder that is gone when the run has ended; another file may still read it. */
export const temp = (name: string): string =>
  mkdtempSync(join(inject('temporary'), `cordon ${name}-`));
