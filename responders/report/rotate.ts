import type { RotateStep } from '../../report-templates/view.ts';
import type { Case } from '../incident/case.ts';
import { suspectParts, suspectsOf } from '../incident/suspect.ts';
import { count } from '../shared/count.ts';
import { inZone } from '../shared/time-text.ts';
import type { Reached } from '../timeline/timeline.ts';
import type { ReportInput } from './input.ts';
import { allowed, environmentNames } from './policies.ts';
import type { Show } from './shown.ts';

const looksSecret =
  /pass|pwd|secret|token|key|credential|auth|dsn|connection|conn_?str|_url$|_uri$|private|cert/i;

const wasRead = ({ kind, reads }: Reached) =>
  (kind === 'secret' || kind === 'parameter') && reads > 0;

const how: Readonly<Record<string, string>> = {
  secret:
    'Make a new value where the secret is used, then store it: ' +
    'aws secretsmanager rotate-secret, or put-secret-value.',
  parameter: 'Make a new value where it is used, then store it: aws ssm put-parameter --overwrite.',
};

/** Whether a containment that holds has set the keys of the user inactive. */
const areInactive = ({ actions }: Case, user: string): boolean =>
  actions.some(
    ({ responder, target, outcome }) =>
      responder === 'contain.deactivate-access-keys' && target === user && outcome === 'contained',
  );

/** Whom the finding names, and every suspect that is a user. */
const usersIn = ({ head }: Case): readonly string[] => [
  ...new Set([
    ...(head.attacker?.user ? [head.attacker.user] : []),
    ...suspectsOf(head).flatMap((suspect) => ('userName' in suspect ? [suspect.userName] : [])),
  ]),
];

/** Keys of a user do not expire, and a release sets those active again that Cordon has stopped. */
const stepsForUser = (incident: Case, user: string): RotateStep[] => {
  const { attacker } = incident.head;
  const isNamed = attacker?.user === user;
  const keyEnd = isNamed ? attacker.keyEnd : undefined;
  const inactive = areInactive(incident, user);
  const whose = isNamed ? 'the finding names it' : 'the incident is about its user';
  return [
    {
      what: keyEnd ? `access key ending ${keyEnd} of user ${user}` : `access keys of user ${user}`,
      why: inactive
        ? `${whose}; Cordon has set it inactive, and a release sets it active again`
        : `${whose}, and it works until it is set inactive`,
      how: inactive
        ? 'Make a new one where it is used; delete this one before the release.'
        : 'Set it inactive: aws iam update-access-key --status Inactive; ' +
          'make a new one where it is used; delete it after the investigation.',
    },
    {
      what: `user ${user}: password, MFA devices and other keys`,
      why: 'an attacker with the key may have made or used them',
      how: `Look: aws iam list-access-keys --user-name ${user}. Replace what is not the owner’s.`,
    },
  ];
};

const usersKeys = ({ incident }: ReportInput): RotateStep[] =>
  usersIn(incident).flatMap((user) => stepsForUser(incident, user));

const madeKeys = ({ timeline }: ReportInput, show: Show): RotateStep[] =>
  (timeline.ok ? timeline.timeline.leftBehind : [])
    .filter(({ kind }) => kind === 'key' || kind === 'principal')
    .slice(0, 10)
    .map(({ kind, what, by }) => ({
      what: `${kind} ${show(what, 120)}`,
      why:
        `made during the incident (${show(by.action, 80)}, ${show(by.at, 30)}): ` +
        'it works after everything else is closed',
      how: 'Set the key inactive, or deny the principal; delete it after the investigation.',
    }));

const readSecrets = ({ timeline, place: { zone } }: ReportInput, show: Show): RotateStep[] =>
  (timeline.ok ? timeline.timeline.reached : [])
    .filter(wasRead)
    .slice(0, 15)
    .map(({ kind, what, reads, first: firstRead }) => ({
      what: `${kind} ${show(what, 120)}`,
      why: `read ${count(reads, 'time')}, first at ${inZone(Date.parse(firstRead), zone)}`,
      how: how[kind] ?? '',
    }));

/** The functions whose code an attacker may have run: `orders or bills`. */
const functionsIn = ({ head }: Case): string => {
  const names = suspectsOf(head).flatMap((suspect) =>
    suspect.kind === 'function' ? [suspect.functionName] : [],
  );
  return names.length > 0 ? [...new Set(names)].join(' or ') : 'the function';
};

const plainNames = 'their names do not look like secrets';

/** False for variables that a person looks at, and rotates only what proves to be a secret. */
export const isCredential = ({ why }: RotateStep): boolean => !why.endsWith(plainNames);

/** Variables whose names do not look like secrets: one step, because most of them hold none. */
const otherVariables = (
  { documents, incident }: Pick<ReportInput, 'documents' | 'incident'>,
  show: Show,
): RotateStep[] => {
  const names = environmentNames(documents).filter((name) => !looksSecret.test(name));
  if (names.length === 0) return [];
  const shown = names.slice(0, 12).map((name) => show(name, 80));
  const more = names.length > shown.length ? ` and ${names.length - shown.length} more` : '';
  return [
    {
      what: `environment variable${names.length === 1 ? '' : 's'} ${shown.join(', ')}${more}`,
      why: `code in ${functionsIn(incident)} could read them; ${plainNames}`,
      how: 'Look at each value; replace those that give access to something.',
    },
  ];
};

const fromEnvironment = ({ documents, incident }: ReportInput, show: Show): RotateStep[] => [
  ...environmentNames(documents)
    .filter((name) => looksSecret.test(name))
    .slice(0, 15)
    .map((name) => ({
      what: `environment variable ${show(name, 80)}`,
      why: `code in ${functionsIn(incident)} could read it, and no log would show that`,
      how: 'Make a new value where it is used, and move it to Secrets Manager.',
    })),
  ...otherVariables({ documents, incident }, show),
];

/** Whose policy a file of the evidence holds: `the role`, `role bills-role`. */
const readerIn = (incident: Case, source: string): string => {
  const [, number, kind = 'role'] = /^(?:suspects\/(\d+)\/)?(role|user)\//.exec(source) ?? [];
  const suspect = number && suspectsOf(incident.head)[Number(number) - 1];
  return (suspect && suspectParts(suspect).at(-1)) || `the ${kind}`;
};

/** Within reach and not seen read: last, because it may never have happened. */
const withinReach = ({ documents, timeline, incident }: ReportInput, show: Show): RotateStep[] => {
  const read = new Set(
    (timeline.ok ? timeline.timeline.reached : []).filter(wasRead).map(({ what }) => what),
  );
  return allowed(documents)
    .filter(
      ({ kind, pattern }) => (kind === 'secret' || kind === 'parameter') && !read.has(pattern),
    )
    .slice(0, 10)
    .map(({ kind, pattern, source }) => ({
      what: pattern === '*' ? `every ${kind} of the account` : `${kind} ${show(pattern, 120)}`,
      why:
        `${show(readerIn(incident, source), 160)} could read it; ` +
        'CloudTrail shows no read so far',
      how:
        timeline.ok && !timeline.timeline.provisional
          ? 'Decide whether to rotate: the log is complete but for what the limits below name.'
          : 'Wait for the final report, then decide.',
    }));
};

/**
 * What to make anew, most urgent first, each with why. Temporary keys cannot be made anew: the
 * containment denies them, and then the release.
 */
export const rotate = (input: ReportInput, show: Show): RotateStep[] => [
  ...usersKeys(input),
  ...madeKeys(input, show),
  ...readSecrets(input, show),
  ...fromEnvironment(input, show),
  ...withinReach(input, show),
];
