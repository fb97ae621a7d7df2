// Runs in every test file before the file itself. Files of one worker may share their modules, so
// that the counter is one for all of them and begins anew with each.
import { afterEach, chai } from 'vitest';

declare module 'vitest' {
  interface TaskMeta {
    /** Assertions that the file made, those before its tests included. */
    assertions?: number;
  }
}

declare global {
  var cordonAssertions: { made: number } | undefined;
}

/** Every matcher ends here: chai's own, Vitest's, and those behind `rejects` and `not`. */
const countAssertions = (): { made: number } => {
  const counter = { made: 0 };
  const { assert } = chai.Assertion.prototype;
  chai.Assertion.prototype.assert = function counted(...judged: Parameters<typeof assert>): void {
    counter.made += 1;
    assert.apply(this, judged);
  };
  return counter;
};

globalThis.cordonAssertions ??= countAssertions();
const counter = globalThis.cordonAssertions;
counter.made = 0;

afterEach(({ task }) => {
  task.file.meta.assertions = counter.made;
});
