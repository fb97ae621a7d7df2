import { type Ruling, ruleApproved } from '../decide/policy.ts';
import type { DecisionInput } from '../decide/rule.ts';
import { type Finding, parseFinding } from '../finding/finding.ts';
import type { Case, Head } from '../incident/case.ts';
import { reopenIncident } from '../incident/case-table.ts';
import { type Decision, type IncidentState, isDoubted } from '../incident/incident.ts';
import { timeLimitName } from '../incident/question.ts';
import { readCase } from '../incident/read-case.ts';
import type { GivenYes } from '../incident/yeses.ts';
import { jsonIn } from '../shared/json.ts';
import { applyReadings, firstTurn } from './apply.ts';
import type { Answer } from './believed.ts';
import { type JudgeDeps, type JudgedFinding, judge } from './judge.ts';
import { type Contained, contained, followUps } from './next-step.ts';
import { breakerMarkOf, recordsOf } from './opening.ts';
import type { Provenance } from './provenance.ts';
import { resume } from './repeat.ts';
import { heardYes } from './second-person.ts';
import { shownFinding, wasShown } from './shown.ts';
import { turnSeconds } from './turn.ts';

/** The person's reason is part of the decision, which mails and reports print. */
const withAnswer = (decision: Decision, { by, reason }: Pick<Answer, 'by' | 'reason'>): Decision =>
  decision.kind === 'contain'
    ? { ...decision, reason: `${decision.reason}: ${reason}` }
    : { ...decision, reason: `${decision.reason} (approved by ${by}: ${reason})` };

/** Whether nobody has answered in time, so that the policy decides. */
const isSilence = ({ by, signed }: Answer): boolean => by === timeLimitName && !signed;

/** A drill, and what a person has asked for, were proven when they arrived. */
const provenanceNow = async (
  finding: Finding,
  event: unknown,
  { provenanceOf }: JudgeDeps,
): Promise<Provenance> =>
  finding.drill || finding.byHand ? { is: 'believed', finding } : provenanceOf(finding, event);

/** A person decides about a finding that may not be real; nobody approves a forged one. */
const approvedProvenance = (provenance: Provenance, finding: Finding): Provenance => {
  // After a person’s answer no finding is too new for GuardDuty: a retry would never end.
  if (provenance.is === 'forged') return { is: 'forged', why: provenance.why };
  return { is: 'believed', finding: provenance.is === 'believed' ? provenance.finding : finding };
};

/**
 * Why it is not certain that a finding is real; `undefined` where that is known either way.
 * GuardDuty may write others into its finding later: that takes nothing back of what it has proven.
 */
const doubtAbout = (provenance: Provenance, { rules }: Head): string | undefined => {
  if (provenance.is === 'believed') return provenance.doubt;
  if (provenance.is === 'unknown' && provenance.isOutdated && !isDoubted(rules)) return undefined;
  return provenance.is === 'unknown' ? provenance.why : undefined;
};

const judgeLeft = (
  incident: Case,
  { by, reason }: Answer,
  deps: Pick<JudgeDeps, 'aws'>,
): JudgedFinding => {
  const { head } = incident;
  return {
    finding: parseFinding(jsonIn(shownFinding(incident, deps.aws)), head.drill),
    decision: { kind: 'notify', reason: `left alone by ${by}: ${reason}` },
    suspect: head.suspect,
    suspects: head.suspects,
    readings: [],
  };
};

/** What an answer amounts to, and what it decides. */
interface Weighed {
  readonly answer: Answer;
  readonly judged: JudgedFinding;
}

/**
 * A yes is for those whom the person was shown, whoever a later revision names besides.
 *
 * An approval is never decided on incomplete facts: slow reads throw, the state machine retries
 * them, and reports when it gives up. Silence approves only what is certainly real: otherwise it
 * leaves the question to a person.
 */
const weighApproval = async (incident: Case, answer: Answer, deps: JudgeDeps): Promise<Weighed> => {
  const { head } = incident;
  const event = jsonIn(shownFinding(incident, deps.aws));
  // Whoever archived it, maybe the intruder: a person was asked about it all the same.
  const finding: Finding = {
    ...parseFinding(event, head.drill),
    archived: false,
    ...(head.byHand && { byHand: head.byHand }),
  };
  const rule = (known: DecisionInput): Ruling => {
    const { decision, rules } = ruleApproved(known, answer.by);
    return { decision: withAnswer(decision, answer), rules };
  };
  const asked = provenanceNow(finding, event, deps);
  const doubt = isSilence(answer) ? doubtAbout(await asked, head) : undefined;
  if (doubt !== undefined) {
    const reason = `${answer.reason}, and only a person may approve this: ${doubt}`;
    const left = { ...answer, approved: false, reason };
    return { answer: left, judged: judgeLeft(incident, left, deps) };
  }
  const provenance = asked.then((known) => approvedProvenance(known, finding));
  const isMeant = wasShown(incident, deps.aws);
  return { answer, judged: await judge(finding, { rule, provenance, isMeant }, deps) };
};

const suspectsIn = ({ suspect, suspects }: Pick<Head, 'suspect' | 'suspects'>) => ({
  suspect,
  suspects,
});

/** Silence is no person's no: the question stays. */
const stateAfter = (answer: Answer, { decision }: JudgedFinding): IncidentState =>
  !answer.approved && isSilence(answer) ? 'unanswered' : followUps[decision.kind].state;

/** A head after an answer; where somebody says no, or nobody anything, earlier yeses are over. */
const answeredHead = (head: Head, judged: JudgedFinding, answer: Answer, now: number): Head => {
  const { approved, by, reason } = answer;
  return {
    ...head,
    decision: judged.decision,
    ...(judged.rules && { rules: judged.rules }),
    state: stateAfter(answer, judged),
    ...suspectsIn(judged.suspect ? judged : head),
    code: judged.code ?? head.code,
    answers: [...(head.answers ?? []), { at: now, by, contain: approved, reason }],
    ...(!approved && head.proposal?.twoPersons && { yesesSince: now }),
    busyUntil: judged.decision.kind === 'contain' ? now + turnSeconds.contain * 1000 : 0,
  };
};

/** The first of two persons stands before the second, in the decision and among the answers. */
const withFirst = (head: Head, { at, by, reason }: GivenYes): Head => {
  const answers = head.answers ?? [];
  const first = { at, by, contain: true, reason };
  return {
    ...head,
    decision: { ...head.decision, reason: `${head.decision.reason}; and by ${by}: ${reason}` },
    answers: [...answers.slice(0, -1), first, ...answers.slice(-1)],
  };
};

/**
 * Writes the answer with what it decides, and contains where it says so. What is not enough alone,
 * or is refused, leaves the question open.
 */
export const applyAnswer = async (
  incident: Case,
  given: Answer,
  deps: JudgeDeps,
  over: Partial<Pick<Head, 'round' | 'execution' | 'clocks'>> = {},
): Promise<Contained> => {
  const { table, now } = deps;
  const { head } = incident;
  const { answer, judged } = given.approved
    ? await weighApproval(incident, given, deps)
    : { answer: given, judged: judgeLeft(incident, given, deps) };
  const heard = await heardYes(head, answer, judged, deps);
  if (heard.is === 'first') return contained(head, deps, 'ask');
  if (heard.is === 'refused')
    return { ...contained(head, deps, 'ask'), refused: { what: 'answer', why: heard.why } };
  const answered = answeredHead(head, judged, answer, now());
  const next = { ...(heard.first ? withFirst(answered, heard.first) : answered), ...over };
  const won = await reopenIncident(table, {
    head: next,
    from: head.state,
    befores: recordsOf(judged, deps),
    breaker: breakerMarkOf(judged, head),
    at: now(),
  });
  if (!won || judged.decision.kind !== 'contain') return contained(won ? next : head, deps);
  return applyReadings(firstTurn(next), judged.readings, deps);
};

/**
 * Continues an incident after a person answered its question, or the time limit did. The answer is
 * believed.
 */
export const containAnswered = async (
  id: string,
  answer: Answer,
  deps: JudgeDeps,
): Promise<Contained> => {
  const incident = await readCase(deps.table, id);
  const { head } = incident;
  if (head.state === 'open') return resume(incident, true, deps);
  if (head.state !== 'awaiting-approval') return contained(head, deps);
  return applyAnswer(incident, answer, deps);
};
