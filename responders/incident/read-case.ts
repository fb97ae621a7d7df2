import { attackerFrom } from '../shared/attacker.ts';
import { UnknownIncidentError } from '../shared/errors.ts';
import { at, isRecord, listAt, numberAt, textAt } from '../shared/json.ts';
import { wantedNumber, wantedText, wantedWord } from '../shared/wanted.ts';
import {
  type BeforeRecord,
  type Case,
  type Drift,
  type Head,
  type Mail,
  noClocks,
  type Release,
} from './case.ts';
import {
  type Action,
  type ClockName,
  type Clocks,
  clockNames,
  decisionKinds,
  incidentStates,
  outcomeKinds,
  steps,
} from './incident.ts';
import { incidentKey, prefixes } from './keys.ts';
import { answersFrom, proposalFrom, timeLimitFrom } from './question.ts';
import { stageFrom } from './read-stage.ts';
import { suspectFrom } from './read-suspect.ts';
import { keptScore } from './score.ts';
import { type CaseItem, partition, type Table } from './table.ts';
import { yesesFrom } from './yeses.ts';

const suspectsFrom = (item: CaseItem): Pick<Head, 'suspect' | 'suspects'> => {
  const suspects = listAt(item, 'suspects').map(suspectFrom);
  return {
    suspect: (item.suspect ?? null) === null ? null : suspectFrom(item.suspect),
    ...(suspects.length > 0 && { suspects }),
  };
};

const namesFrom = (item: CaseItem): Pick<Head, 'names'> =>
  Array.isArray(item.names) ? { names: item.names.map(String) } : {};

const elsewhereFrom = (item: CaseItem): Pick<Head, 'elsewhere'> =>
  isRecord(item.elsewhere)
    ? {
        elsewhere: Object.fromEntries(
          Object.entries(item.elsewhere).map(([name, doubt]) => [name, String(doubt)]),
        ),
      }
    : {};

const findingOf = (item: CaseItem): Head['finding'] => ({
  id: wantedText(item, 'finding.id'),
  type: wantedText(item, 'finding.type'),
  severity: wantedNumber(item, 'finding.severity'),
  title: textAt(item, 'finding.title') ?? '',
  account: wantedText(item, 'finding.account'),
  region: wantedText(item, 'finding.region'),
  updatedAt: wantedNumber(item, 'finding.updatedAt'),
  revisions: wantedNumber(item, 'finding.revisions'),
});

const clocksFrom = (item: CaseItem): Clocks => {
  const clocks: Record<ClockName, number | null> = { ...noClocks() };
  for (const name of clockNames) clocks[name] = numberAt(item, `clocks.${name}`);
  return clocks;
};

const sessionsFrom = (item: CaseItem): Pick<Release, 'sessions'> => {
  const until = numberAt(item, 'release.sessions.until');
  if (until === null) return {};
  return { sessions: { denied: at(item, 'release.sessions.denied') === true, until } };
};

const releaseFrom = (item: CaseItem): Head['release'] =>
  (item.release ?? null) === null
    ? null
    : {
        at: wantedNumber(item, 'release.at'),
        by: textAt(item, 'release.by') ?? '',
        reason: textAt(item, 'release.reason') ?? '',
        ...sessionsFrom(item),
      };

const byHandFrom = (item: CaseItem): Pick<Head, 'byHand'> =>
  (item.byHand ?? null) === null
    ? {}
    : { byHand: { by: wantedText(item, 'byHand.by'), reason: wantedText(item, 'byHand.reason') } };

const headFrom = (item: CaseItem): Head => {
  const [busyUntil, code] = [numberAt(item, 'busyUntil'), textAt(item, 'code')];
  const attacker = attackerFrom(item.attacker);
  const proposal = proposalFrom(item.proposal);
  const timeLimit = timeLimitFrom(item.timeLimit);
  const answers = answersFrom(item.answers);
  const yeses = yesesFrom(item.yeses);
  const yesesSince = numberAt(item, 'yesesSince');
  const [news, nextLook] = [numberAt(item, 'news'), textAt(item, 'nextLook')];
  const overdue = numberAt(item, 'overdue');
  const score = keptScore(item.score);
  const rules = listAt(item, 'rules').map((answer) => ({
    rule: wantedText(answer, 'rule'),
    said: textAt(answer, 'said'),
  }));
  return {
    id: wantedText(item, 'id'),
    state: wantedWord(item, 'state', incidentStates),
    drill: item.drill === true,
    ...byHandFrom(item),
    round: wantedNumber(item, 'round'),
    execution: wantedText(item, 'execution'),
    ...(busyUntil !== null && { busyUntil }),
    openedAt: wantedText(item, 'openedAt'),
    finding: findingOf(item),
    ...suspectsFrom(item),
    ...namesFrom(item),
    ...elsewhereFrom(item),
    ...(attacker && { attacker }),
    ...(code !== null && { code }),
    decision: {
      kind: wantedWord(item, 'decision.kind', decisionKinds),
      reason: textAt(item, 'decision.reason') ?? '',
      ...(at(item, 'decision.observed') === true && { observed: true }),
    },
    ...(rules.length > 0 && { rules }),
    ...(proposal && { proposal }),
    ...(timeLimit && { timeLimit }),
    ...(answers.length > 0 && { answers }),
    ...(yeses.length > 0 && { yeses }),
    ...(yesesSince !== null && { yesesSince }),
    clocks: clocksFrom(item),
    release: releaseFrom(item),
    ...(news !== null && { news }),
    ...(overdue !== null && { overdue }),
    ...(nextLook !== null && { nextLook }),
    ...(score && { score }),
  };
};

const beforeFrom = (item: CaseItem): BeforeRecord => ({
  responder: wantedText(item, 'responder'),
  target: wantedText(item, 'target'),
  before: JSON.parse(wantedText(item, 'before')),
  order: wantedNumber(item, 'order'),
  since: wantedNumber(item, 'since'),
});

const actionFrom = (item: CaseItem): Action => {
  const step = steps.find((known) => known === item.step);
  const reason = textAt(item, 'reason');
  return {
    responder: wantedText(item, 'responder'),
    target: wantedText(item, 'target'),
    outcome: wantedWord(item, 'outcome', outcomeKinds),
    ...(step && { step }),
    ...(reason !== null && { reason }),
    acceptedMs: numberAt(item, 'acceptedMs'),
    effectiveMs: numberAt(item, 'effectiveMs'),
  };
};

const mailFrom = (item: CaseItem): Mail => {
  const told = numberAt(item, 'told');
  const body = textAt(item, 'body');
  return {
    kind: wantedText(item, 'kind'),
    subject: textAt(item, 'subject') ?? '',
    at: wantedNumber(item, 'at'),
    round: wantedNumber(item, 'round'),
    ...(told !== null && { told }),
    ...(body !== null && { body }),
  };
};

const driftFrom = (item: CaseItem): Drift => {
  const by = textAt(item, 'by');
  return {
    at: wantedNumber(item, 'at'),
    changes: listAt(item, 'changes').map(String),
    ...(by !== null && { by }),
  };
};

const rawFrom = ({ sk, raw }: CaseItem): Case['findings'][number] => ({
  updatedAt: Number(String(sk).slice(prefixes.finding.length)),
  raw: String(raw),
});

/** A stage that an older Cordon wrote gives way to the same stage of this one. */
const newest = (items: readonly CaseItem[], head: Head): Case['stages'] => {
  const stages = items.map((item) => ({ stage: stageFrom(item, head.round), item }));
  const names = ({ name, round }: Case['stages'][number]) => `${round} ${name}`;
  const dated = stages
    .filter(({ item }) => typeof item.round === 'number')
    .map(({ stage }) => names(stage));
  return stages
    .filter(({ stage, item }) => typeof item.round === 'number' || !dated.includes(names(stage)))
    .map(({ stage }) => stage);
};

/** One incident as a whole: the only reader of its partition, with older records in it. */
export const readCase = async (table: Table, id: string): Promise<Case> => {
  const items = await partition(table, incidentKey(id));
  const under = (prefix: string) => items.filter(({ sk }) => String(sk).startsWith(prefix));
  const headItem = items.find(({ sk }) => sk === 'HEAD');
  if (!headItem) throw new UnknownIncidentError(id);
  const head = headFrom(headItem);
  const stages = newest(under(prefixes.stage), head);
  return {
    head,
    findings: under(prefixes.finding).map(rawFrom),
    befores: under(prefixes.before)
      .map(beforeFrom)
      .sort((left, right) => left.order - right.order),
    actions: under(prefixes.action).map(actionFrom),
    stages: stages.filter(({ round }) => round === head.round),
    earlierStages: stages.filter(({ round }) => round !== head.round),
    mails: under(prefixes.mail).map(mailFrom),
    drifts: under(prefixes.drift).map(driftFrom),
  };
};
