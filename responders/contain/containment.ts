import { rule } from '../decide/policy.ts';
import type { Finding } from '../finding/finding.ts';
import type { Named } from '../finding/identify.ts';
import { incidentOfClaim, openIncident } from '../incident/case-table.ts';
import { type Claim, incidentId } from '../incident/incident-id.ts';
import { readCase } from '../incident/read-case.ts';
import { applyReadings, firstTurn } from './apply.ts';
import { type JudgeDeps, type JudgedFinding, type Judging, judge } from './judge.ts';
import { newcomersOf, rememberNewcomers, saidBesides } from './newcomers.ts';
import { type Contained, contained } from './next-step.ts';
import { type Arrival, breakerMarkOf, newHead, recordsOf } from './opening.ts';
import { keepRevision, repeat } from './repeat.ts';
import { readArrival } from './unreadable.ts';

/** A claim, with the incident that holds it. */
export interface HeldClaim {
  readonly claim: Claim;
  readonly existing: string | undefined;
}

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
  if (existing && (await readCase(table, existing)).head.execution === execution) return real;
  const claim = { ...real.claim, doubt: judged.doubt };
  return { claim, existing: await incidentOfClaim(table, claim) };
};

/** Opens the incident of a judged finding, or goes on with the one that holds its claim. */
export const openOrRepeat = async (
  judged: JudgedFinding,
  { claim, existing }: HeldClaim,
  arrival: Arrival,
  received: number,
  deps: JudgeDeps,
): Promise<Contained> => {
  const { table } = deps;
  if (existing) return repeat(existing, judged, arrival, deps);
  const head = newHead(judged, arrival, incidentId(claim, received), received);
  const opening = {
    claim,
    head,
    raw: JSON.stringify(judged.event ?? arrival.event) ?? 'null',
    befores: recordsOf(judged, deps),
    breaker: breakerMarkOf(judged, head),
  };
  if (!(await openIncident(table, opening)))
    return repeat((await incidentOfClaim(table, claim)) ?? head.id, judged, arrival, deps);
  return judged.decision.kind === 'contain'
    ? applyReadings(firstTurn(head), judged.readings, deps)
    : contained(head, deps);
};

/** Judges a finding, or some of those whom it names. */
type JudgeOnly = (isMeant?: Judging['isMeant']) => Promise<JudgedFinding>;

interface Revision {
  readonly arrival: Arrival;
  readonly received: number;
  readonly judgeOnly: JudgeOnly;
}

/**
 * A later revision of a known finding. Whom it names besides is decided first and on its own; where
 * there is nothing to do about them, the execution goes on with the incident.
 */
const handleRevision = async (
  judged: JudgedFinding,
  held: HeldClaim & { readonly existing: string },
  { arrival, received, judgeOnly }: Revision,
  deps: JudgeDeps,
): Promise<Contained> => {
  const { claim, existing } = held;
  const incident = await readCase(deps.table, existing);
  const isRetry = incident.head.execution === arrival.execution;
  const groups = isRetry ? [] : newcomersOf(incident, judged, claim, deps);
  if (groups.length === 0) return repeat(existing, judged, arrival, deps);
  for (const newcomers of groups) {
    const besides = {
      claim: newcomers.claim,
      existing: await incidentOfClaim(deps.table, newcomers.claim),
    };
    const others = saidBesides(await judgeOnly(newcomers.isMeant), incident);
    const decided = await openOrRepeat(others, besides, arrival, received, deps);
    await rememberNewcomers(incident, newcomers, deps);
    if (decided.next !== 'none') {
      await keepRevision(incident, judged, arrival, deps);
      return decided;
    }
  }
  const isNewcomer = (named: Named) => groups.some(({ isMeant }) => isMeant(named));
  return repeat(existing, await judgeOnly((named) => !isNewcomer(named)), arrival, deps);
};

/** Where a finding comes from is found out once. */
const judgeOf = (finding: Finding, { event, settle }: Arrival, deps: JudgeDeps): JudgeOnly => {
  const provenance = deps.provenanceOf(finding, event, settle);
  return (isMeant) =>
    judge(finding, { rule, provenance, settle, ...(isMeant && { isMeant }) }, deps);
};

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
  const told = judged.decision.kind === 'forged' ? { ...arrival, drill: false } : arrival;
  return held.existing
    ? handleRevision(
        judged,
        { ...held, existing: held.existing },
        { arrival: told, received, judgeOnly },
        deps,
      )
    : openOrRepeat(judged, held, told, received, deps);
};
