import { expect, it } from 'vitest';
import { isPrinted } from '../../../../tools/openapi/schemathesis.ts';

it.each([
  '============================= 1 warning in 20.66s ==============================',
  '=================== 2 warnings in 75.01s (0:01:15) ====================',
  '=========================== No issues found in 3.10s ===========================',
])('does not print the line that reads as if pytest had run no test: %s', (line) => {
  expect(isPrinted(line)).toBe(false);
});

it.each([
  '=================================== SUMMARY ====================================',
  '  136 generated, 136 passed, 27 skipped',
  ' ✅  Examples (in 3.02s)',
  '',
])('prints every other line: %s', (line) => {
  expect(isPrinted(line)).toBe(true);
});
