import { expect, it } from 'vitest';
import { drillLines } from '../../../../cli/drill/text.ts';

const result: Parameters<typeof drillLines>[0] = {
  scenario: 'lambda-credential-theft',
  incidentId: 'inc-20261121-7f3k2m9q',
  passed: false,
  checks: [
    { name: 'the stolen session is denied', passed: true, detail: '64 calls refused' },
    { name: 'the neighbour keeps working', passed: false, detail: '2 of 47 calls failed' },
  ],
  clocks: {
    injected: 1_000,
    activity: 900,
    received: 1_250,
    accepted: 1_360,
    firstDenied: 1_760,
    released: null,
    unheardOf: 5_000,
  },
  restored: false,
};

it('says passed or failed, as before or not, and each check', () => {
  const lines = drillLines(result);
  expect(lines[0]).toBe(
    'Drill lambda-credential-theft: FAILED, 1 of 2 checks passed; ' +
      'first failed: the neighbour keeps working (incident inc-20261121-7f3k2m9q; NOT as before)',
  );
  expect(lines.slice(1, 3)).toEqual([
    '  ✔ the stolen session is denied: 64 calls refused',
    '  ✘ the neighbour keeps working: 2 of 47 calls failed',
  ]);
});

it('prints the clocks that ticked, in their order, from the moment of the finding', () => {
  expect(drillLines(result).slice(3)).toEqual([
    '  Clocks, from the moment the finding is put on the bus:',
    '         0 ms  The finding was put on the bus',
    '       250 ms  Cordon had the finding',
    '       360 ms  AWS accepted the first containment call',
    '       760 ms  The attacker’s first call that was denied',
  ]);
});

it('has no clocks to print when nothing was put on the bus', () => {
  expect(drillLines({ ...result, clocks: { injected: null, received: null } })).toHaveLength(3);
});
