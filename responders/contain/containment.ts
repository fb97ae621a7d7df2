import { rule } from '../decide/policy.ts';
import type { Finding } from '../finding/finding.ts';
import { incidentOfClaim } from '../incident/case-table.ts';
import type { Claim } from '../incident/incident-id.ts';
import { readCase } from '../incident/read-case.ts';
import { type JudgeDeps, type JudgedFinding, judge } from './judge.ts';
import type { Contained } from './next-step.ts';
import type { Arrival } from './opening.ts';
import { type HeldClaim, openOrRepeat } from './repeat.ts';
import { handleRevision, type JudgeOnly } from './revision.ts';
import { isKept } from './shown.ts';
import { turnSeconds } from './turn.ts';
import { readArrival } from './unreadable.ts';

/**
 * A finding that is not proven gets a claim of its own, so that the real finding is no repeat of
 * it. A retry of the execution that opened the real incident goes on with that incident.
 */
const claimFor = async (
  judged: JudgedFinding,
  real: HeldClaim,
  { execution }: Arrival,
  { table }: JudgeDeps,
): Promise<HeldClaim> => {
  if (judged.doubt === undefined) return real;
  const { existing } = real;
  const incident = existing === undefined ? undefined : await readCase(table, existing);
  if (incident?.head.execution === execution) return real;
  // What GuardDuty has proven when it arrived first, nobody has to be asked about again.
  if (judged.decision.kind !== 'forged' && incident && isKept(incident, judged.finding))
    return real;
  const claim = { ...real.claim, doubt: judged.doubt };
  return { claim, existing: await incidentOfClaim(table, claim) };
};

/** Where a finding comes from is found out once. */
const judgeOf = (finding: Finding, { event, isLastTry }: Arrival, deps: JudgeDeps): JudgeOnly => {
  const provenance = deps.provenanceOf(finding, event, isLastTry);
  return (isMeant) =>
    judge(finding, { rule, provenance, isLastTry, ...(isMeant && { isMeant }) }, deps);
};

/** A look at a known hold begins nothing later, because the function ends soon after. */
const lookMs = (turnSeconds.contain * 1_000) / 2;

/** From a raw event to a contained workload: read, decide, save, apply, check. */
export const containFinding = async (arrival: Arrival, deps: JudgeDeps): Promise<Contained> => {
  const { table, now } = deps;
  const { drill } = arrival;
  const received = now();
  const readable = readArrival(arrival, deps);
  const { account, region, id: findingId } = 'finding' in readable ? readable.finding : readable;
  const claim: Claim = { drill, account, region, findingId };
  const judgeOnly: JudgeOnly =
    'finding' in readable ? async () => readable : judgeOf(readable, arrival, deps);
  const [existing, judged] = await Promise.all([incidentOfClaim(table, claim), judgeOnly()]);
  const held = await claimFor(judged, { claim, existing }, arrival, deps);
  // A forged drill is an attack, so nobody may read it as a drill.
  const isDrill = drill && judged.decision.kind !== 'forged';
  const told = { ...arrival, drill: isDrill, until: received + lookMs };
  return held.existing
    ? handleRevision(
        judged,
        { ...held, existing: held.existing },
        { arrival: told, received, judgeOnly },
        deps,
      )
    : openOrRepeat(judged, held, told, received, deps);
};
