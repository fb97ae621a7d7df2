import type { DecisionPoint, Point, ReportView } from '../../report-templates/view.ts';
import type { Case } from '../incident/case.ts';
import { isPartlyReleased } from '../incident/incident.ts';
import { leaveOf } from '../incident/question.ts';
import { remadeKind } from '../incident/remade.ts';
import { suspectsOf } from '../incident/suspect.ts';
import { count } from '../shared/count.ts';
import { routesIn } from '../shared/function-policy.ts';
import { textAt } from '../shared/json.ts';
import { copySentences } from './copy-words.ts';
import type { ReportInput } from './input.ts';
import { leftOpen } from './left-open.ts';
import { leftAloneText, waitingText } from './question-words.ts';
import { beforeRelease, earlierSessionsOf } from './session-words.ts';
import { list, type Show } from './shown.ts';
import {
  addedSentence,
  approveCommand,
  byHandLines,
  containCommand,
  goneSentence,
  mayHold,
  releaseCommand,
  sharingSentences,
  showCommand,
} from './words.ts';

const nextCheck = { role: 'check who may assume it', user: 'check who holds its keys' } as const;

/** Whoever has the name of somebody that was contained, and is not that one. */
const remadePoints = (drifts: Case['drifts'], show: Show): Point[] =>
  drifts
    .flatMap(({ changes }) => changes)
    .flatMap((change) => {
      const kind = remadeKind(change);
      if (kind === undefined) return [];
      const why = `Cordon denies it as well, but nothing proves whose it is; ${nextCheck[kind]}`;
      return [{ what: `Another ${kind} of the same name: ${show(change, 200)}`, why }];
    });

/** What an attacker may still do, most urgent first. Said even where all is well. */
export const open = ({ incident, place, timeline }: ReportInput, show: Show): Point[] => {
  const { actions, stages, head, drifts } = incident;
  const failed = actions.filter(
    ({ outcome }) =>
      outcome === 'not-contained' || outcome === 'applied' || outcome === 'not-released',
  );
  const title = (id: string) => place.catalog.find((responder) => responder.id === id)?.title ?? id;
  const seen = timeline.ok ? timeline.timeline : undefined;
  const nothing: Point[] =
    actions.length === 0 && head.state !== 'open'
      ? [{ what: 'Everything: nothing was changed', why: show(head.decision.reason, 400) }]
      : [];
  return [
    ...failed.map((action) => ({
      what: `${title(action.responder)} (${show(action.target, 120)})`,
      why: [
        show(action.reason ?? 'not seen to hold yet', 300),
        ...byHandLines([action], place.catalog, show).map((command) => `By hand: ${command}`),
      ].join('. '),
    })),
    ...nothing,
    ...remadePoints(drifts, show),
    ...(seen?.leftBehind ?? []).slice(0, 10).map(({ kind, what, by }) => ({
      what: `Left behind: ${kind} ${show(what, 160)}`,
      why: `made or changed by ${show(by.action, 80)} at ${show(by.at, 30)}; check it, see below`,
    })),
    ...(seen?.followed ?? []).slice(0, 10).map(({ kind, who, by }) => ({
      what: `Used or made: ${kind} ${show(who, 160)}`,
      why: [
        `by ${show(by.action, 80)} at ${show(by.at, 30)}; Cordon has not contained it`,
        containCommand(show(who, 300), place),
      ]
        .filter(Boolean)
        .join(': '),
    })),
    ...leftOpen(place.catalog, actions, suspectsOf(head)).map(({ what, why }) => ({
      what,
      why: show(why, 300),
    })),
    ...stages
      .filter(({ status }) => status === 'failed')
      .map(({ name, error = '' }) => ({
        what: `The stage “${show(name, 60)}” FAILED: what it makes is missing`,
        why: show(error, 300),
      })),
  ];
};

/** The first ten, and how many more there are. */
const shortList = (names: readonly string[], show: Show): string => {
  const more = names.length > 10 ? ` and ${names.length - 10} more` : '';
  return `${list(names.slice(0, 10).map((name) => show(name, 80)))}${more}`;
};

/** Whom the containment itself may hurt, said before somebody notices. */
export const broken = (
  { incident, documents }: ReportInput,
  functions: readonly string[],
  show: Show,
): string[] => {
  const { suspect } = incident.head;
  if (!suspect) return ['No workload was confirmed, so nothing was changed and nothing breaks.'];
  const workload = suspect.kind === 'function' ? suspect : undefined;
  const neighbours = functions.filter((name) => name !== workload?.functionName);
  const did = (id: string) =>
    incident.actions.some(({ responder, outcome }) => responder === id && outcome === 'contained');
  const held = incident.actions.some(({ outcome }) => outcome === 'contained');
  const neighbourSentences =
    documents.has('role/functions.json') && neighbours.length > 0
      ? [`Other functions with this role: ${shortList(neighbours, show)}.`]
      : [];
  const policy = textAt(documents.get('function/resource-policy.json'), 'answer.Policy');
  const routes = routesIn(policy ?? '');
  return [
    ...(workload ? [sharingSentences[workload.sharing]] : []),
    ...(workload?.gone ? [goneSentence] : []),
    ...(workload ? copySentences(workload) : []),
    ...(workload?.added ? [addedSentence(shortList(workload.added, show))] : []),
    ...neighbourSentences,
    ...(did('contain.quarantine-role') && neighbours.length > 0
      ? ['They are denied as well: the whole role is quarantined.']
      : []),
    ...(workload && did('contain.pause-function')
      ? [
          `${workload.functionName} answers no calls. New asynchronous events go to its ` +
            'dead-letter queue or failure destination, and are lost where it has none; ' +
            'queues and streams keep theirs.',
        ]
      : []),
    ...(held && routes.length > 0
      ? [`Routes that fail until it is released: ${shortList(routes, show)}.`]
      : []),
  ];
};

const team = 'security team';

/** Where nothing was changed: is it an incident, or shall it be contained after all? */
const unchangedDecision = (
  { incident: { head }, place }: ReportInput,
  show: Show,
): DecisionPoint[] => {
  const { id, state } = head;
  const leave = leaveOf(head);
  if (leave)
    return [
      {
        question: `Contain it after all? It was ${leftAloneText(leave, show, place.zone)}`,
        who: team,
        by: 'today, because nothing is contained',
        command: approveCommand(id, place),
      },
    ];
  if (state !== 'notify-only' && state !== 'suppressed') return [];
  return [
    {
      question: 'Is this an incident? Cordon left it to you.',
      who: team,
      by: 'today',
      command: showCommand(id, place),
    },
  ];
};

/** What only a person can decide, with who and until when. */
export const decisions = (input: ReportInput, rotate: number, show: Show): DecisionPoint[] => {
  const { incident, place } = input;
  const { id, state, timeLimit } = incident.head;
  if (state === 'awaiting-approval')
    return [
      {
        question: 'Contain this workload?',
        who: team,
        by: timeLimit ? waitingText(timeLimit, incident.head.proposal) : 'soon',
        command: approveCommand(id, place),
      },
    ];
  const held = incident.actions.some(mayHold);
  return [
    ...((state === 'partial' && !isPartlyReleased(state, incident.actions)) ||
    state === 'not-contained'
      ? [{ question: 'Who contains by hand what failed?', who: team, by: 'now', command: null }]
      : []),
    ...unchangedDecision(input, show),
    ...(rotate > 0
      ? [
          {
            question:
              rotate === 1
                ? 'Rotate the credential below, or accept the risk?'
                : `Rotate the ${count(rotate, 'credential')} below, or accept the risk?`,
            who: `${team} with the owner of the workload`,
            by: 'before the release',
            command: null,
          },
        ]
      : []),
    ...(held
      ? [
          {
            question: 'Is the workload clean, so that it may run again?',
            who: `owner of the workload, ${team}`,
            by:
              'today, because asynchronous events without a dead-letter queue are lost ' +
              'while it is paused',
            command: releaseCommand(id, place),
          },
        ]
      : []),
  ];
};

export const release = ({ incident, place }: ReportInput, show: Show): ReportView['release'] => {
  const { head, actions } = incident;
  if (head.release)
    return {
      command: null,
      note: [
        `Taken back by ${show(head.release.by, 120)}: ${show(head.release.reason, 300)}`,
        earlierSessionsOf(incident, place.zone),
      ]
        .filter(Boolean)
        .join('. '),
    };
  const held = actions.some(mayHold);
  if (!held) return { command: null, note: 'Nothing is held, so there is nothing to take back.' };
  return {
    command: releaseCommand(head.id, place),
    note:
      'Puts back exactly what was there, from the before-records, and mails who did it and why. ' +
      `Only members of the release role may. ${beforeRelease}`,
  };
};
