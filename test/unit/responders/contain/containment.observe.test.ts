import { expect, it } from 'vitest';
import { containFinding } from '../../../../responders/contain/containment.ts';
import { readCase } from '../../../../responders/incident/read-case.ts';
import { fakeDeps } from '../../../support/fakes/deps.ts';
import { lambdaFinding, stolenSession } from '../../../support/fakes/findings.ts';

const finding = (number: number) => {
  const event = number % 2 === 0 ? lambdaFinding() : stolenSession();
  const severity = (number % 100) / 10;
  const id = number.toString(16).padStart(32, '0');
  return { ...event, detail: { ...event.detail, id, severity } };
};

it('observe mode changes nothing in IAM and Lambda, whatever 1,000 findings say', async () => {
  const { deps, account, cases } = fakeDeps(undefined, {
    observe: { everything: true, types: [], tags: [] },
  });
  const before = structuredClone(account.world);
  const decided = new Map<string, number>();
  for (let number = 0; number < 1_000; number += 1) {
    const event = { event: finding(number), drill: false, execution: `execution-${number}` };
    const { incidentId, decision } = await containFinding(event, deps);
    const { head, befores } = await readCase(deps.table, incidentId);
    expect(befores).toEqual([]);
    expect(head.decision).toEqual(decision);
    decided.set(decision.kind, (decided.get(decision.kind) ?? 0) + 1);
  }
  expect(account.world).toEqual(before);
  expect(account.sent().filter((call) => !/:(Get|List)/.test(call))).toEqual([]);
  expect([...cases.items.keys()].filter((key) => /TARGET#|BREAKER#/.test(key))).toEqual([]);
  // 7 and above: contained; 4 and above: asked; below: recorded. Each tenth of a severity 10 times.
  expect(Object.fromEntries(decided)).toEqual({ contain: 300, notify: 300, suppress: 400 });
});

it('observe mode for one type leaves the others to be contained', async () => {
  const observe = { everything: false, types: ['Backdoor:Lambda/*'], tags: [] };
  const { deps, account } = fakeDeps(undefined, { observe });
  const events = [lambdaFinding(), stolenSession()];
  const states = [];
  for (const [number, event] of events.entries()) {
    const detail = { ...event.detail, id: `${number}`.padStart(32, '0') };
    const arrival = { event: { ...event, detail }, drill: false, execution: `e${number}` };
    const { incidentId } = await containFinding(arrival, deps);
    states.push((await readCase(deps.table, incidentId)).head.state);
  }
  expect(states).toEqual(['notify-only', 'contained']);
  expect(account.world.functions.get('orders')?.reserved).toBe(0);
});
