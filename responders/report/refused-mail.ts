import { printable } from '../shared/printable.ts';
import { consoleLines } from './console-link.ts';
import { type Letter, subjectLine } from './mail.ts';
import { type CommandScope, showCommand } from './words.ts';

export const refusedRequests = ['release', 'answer', 'silence', 'wish'] as const;
/** What somebody asked for without the right to it. */
export type RefusedRequest = (typeof refusedRequests)[number];

interface Refused {
  readonly what: RefusedRequest;
  /** Null where no incident was named. */
  readonly incident: string | null;
  readonly why: string;
  readonly execution: string;
}

const subjects: Readonly<Record<RefusedRequest, string>> = {
  release: 'a release was refused',
  answer: 'an answer was refused',
  silence: 'a question ended too early',
  wish: 'a containment by hand was refused',
};

const openings: Readonly<Record<RefusedRequest, (about: string) => string>> = {
  release: (about) => `Somebody asked to release ${about}, and is not believed`,
  answer: (about) => `Somebody answered the question about ${about}, and is not believed`,
  silence: (about) => `The wait for an answer about ${about} ended before its time`,
  wish: () => 'Somebody asked to contain something by hand, and is not believed',
};

/** After a request that began with an execution. */
const findTheStarter =
  'Nothing was changed. NEXT: find in CloudTrail who started the execution (StartExecution), and ' +
  'treat this caller as the next incident.';

const followUps: Readonly<Record<RefusedRequest, string>> = {
  release: findTheStarter,
  answer:
    'Nothing was changed, and an open question stays open. NEXT: find in CloudTrail who sent the ' +
    'answer (SendTaskSuccess or StartExecution), and treat this caller as the next incident.',
  silence:
    'Nothing was changed, and the question stays open. NEXT: either Cordon could not send the ' +
    'question, or somebody ended the wait: look in CloudTrail for SendTaskFailure, and treat its ' +
    'caller as the next incident.',
  wish: findTheStarter,
};

/** Tells that somebody was not believed; of many within ten minutes only the first is mailed. */
export const refusedLetter = (
  { what, incident, why, execution }: Refused,
  scope: CommandScope,
): Letter => {
  const about = incident ?? 'an incident that it does not name';
  return {
    subject: subjectLine(`Cordon: ${subjects[what]}${incident === null ? '' : `: ${incident}`}`),
    body: [
      `What:  ${openings[what](about)}`,
      `Where: ${printable(execution, 300)}`,
      `State: ${followUps[what]}`,
      '',
      `Why:   ${printable(why, 300)}`,
      ...(incident === null
        ? []
        : [`Look: ${showCommand(incident, scope)}`, ...consoleLines('look', incident, scope)]),
      'More of the same within ten minutes is not mailed: look at the executions of the machine.',
    ].join('\n'),
  };
};
