// Runs in every test file before the file itself.
import { afterEach, chai } from 'vitest';

declare module 'vitest' {
  interface TaskMeta {
    /** Assertions that the file made, those before its tests included. */
    assertions?: number;
  }
}

let assertions = 0;
const { assert } = chai.Assertion.prototype;
/** Every matcher ends here: chai's own, Vitest's, and those behind `rejects` and `not`. */
chai.Assertion.prototype.assert = function counted(...judged: Parameters<typeof assert>): void {
  assertions += 1;
  assert.apply(this, judged);
};

afterEach(({ task }) => {
  task.file.meta.assertions = assertions;
});
