import { decide } from '../decide/policy.ts';
import { incidentOfClaim, openIncident } from '../incident/case-table.ts';
import { type Claim, incidentId } from '../incident/incident-id.ts';
import { applyReadings, firstTurn } from './apply.ts';
import { type ContainDeps, judge } from './judge.ts';
import { type Contained, contained } from './next-step.ts';
import { type Arrival, isCounted, newHead, recordsOf } from './opening.ts';
import { repeat } from './repeat.ts';
import { readArrival } from './unreadable.ts';

/** From a raw event to a contained workload: read, decide, save, apply, check. */
export const containFinding = async (arrival: Arrival, deps: ContainDeps): Promise<Contained> => {
  const { table, now } = deps;
  const received = now();
  const readable = readArrival(arrival, deps);
  const { account, region, id: findingId } = 'finding' in readable ? readable.finding : readable;
  const claim: Claim = { drill: arrival.drill, account, region, findingId };
  const [existing, judged] = await Promise.all([
    incidentOfClaim(table, claim),
    'finding' in readable ? readable : judge(readable, decide, deps, arrival.settle),
  ]);
  if (existing) return repeat(existing, judged, arrival, deps);
  const head = newHead(judged, arrival, incidentId(claim, received), received);
  const opening = {
    claim,
    head,
    raw: JSON.stringify(arrival.event) ?? 'null',
    befores: recordsOf(judged.readings, deps),
    counts: isCounted(arrival, judged.decision),
  };
  if (!(await openIncident(table, opening)))
    return repeat((await incidentOfClaim(table, claim)) ?? head.id, judged, arrival, deps);
  return judged.decision.kind === 'contain'
    ? applyReadings(firstTurn(head), judged.readings, deps)
    : contained(head, deps);
};
