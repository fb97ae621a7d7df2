// Runs in every test file before the file itself.
import { afterAll, chai } from 'vitest';
import { type Counts, countsSoFar } from './counts.ts';

declare module 'vitest' {
  interface TaskMeta {
    /** Assertions that the file made, those of its hooks included. */
    assertions?: number;
    counts?: Counts;
  }
}

let assertions = 0;
const { assert } = chai.Assertion.prototype;
/** Every matcher ends here: chai's own, Vitest's, and those behind `rejects` and `not`. */
chai.Assertion.prototype.assert = function counted(...judged: Parameters<typeof assert>): void {
  assertions += 1;
  assert.apply(this, judged);
};

// biome-ignore lint/correctness/noEmptyPattern: Vitest wants a pattern there, also of no fixture.
afterAll(({}, { file }) => {
  file.meta.assertions = assertions;
  file.meta.counts = countsSoFar();
});
