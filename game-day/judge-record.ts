import { suspectNames } from '../responders/incident/suspect.ts';
import { count } from '../responders/shared/count.ts';
import { check, type DrillJudge, notReached } from './observations.ts';

/**
 * Quarantine of the function may come before quarantine of its whole role: Cordon did not know yet
 * whether something else uses the role.
 */
const begunWith = (id: string, acted: readonly string[]): boolean =>
  id === 'contain.quarantine-function' && acted.includes('contain.quarantine-role');

/** The incident is about the right workload, and exactly the expected responders acted. */
export const containedAsPlanned: DrillJudge = ({ contained, workload, responders }) => {
  const suspect = contained?.head.suspect;
  const confirmed = suspect?.kind === 'function' ? suspect : undefined;
  const acted = contained?.actions.map(({ responder }) => responder) ?? [];
  return check(
    'Cordon says that it is contained',
    contained
      ? [
          contained.head.state !== 'contained' &&
            `the incident is ${contained.head.state}: ${contained.head.decision.reason}`,
          (confirmed?.functionName !== workload.functionName ||
            confirmed.roleName !== workload.roleName) &&
            `it is about ${suspect ? suspectNames(suspect).join(', ') : 'nothing'}`,
          ...responders.map((id) => !acted.includes(id) && `${id} did nothing`),
          ...acted.map(
            (id) =>
              !responders.includes(id) &&
              !begunWith(id, acted) &&
              `${id} acted, and the scenario does not expect it`,
          ),
          ...contained.actions.map(
            ({ responder, outcome, reason = '' }) =>
              outcome !== 'contained' && `${responder}: ${outcome} ${reason}`.trim(),
          ),
        ]
      : [notReached],
    `${workload.functionName}: ${responders.join(', ')}`,
  );
};

/** Every stage ran and succeeded. */
export const stagesRan: DrillJudge = ({ closed }) => {
  const wanted = ['evidence', 'timeline1', 'report1', 'timeline2', 'report2', 'manifest', 'close'];
  const stages = closed?.stages ?? [];
  return check(
    'every stage ran',
    [
      closed === null && notReached,
      ...wanted.map((name) => !stages.some((stage) => stage.name === name) && `${name} is missing`),
      ...stages.map(
        ({ name, status, error = '' }) => status !== 'ok' && `${name}: ${status} ${error}`.trim(),
      ),
    ],
    stages.map(({ name, ms }) => (name === 'close' ? name : `${name} ${ms} ms`)).join(', '),
  );
};

/** Objects that every incident must have. */
const needed = [
  /\/findings\/\d+\.json$/,
  /\/function\/code\.zip$/,
  /\/function\/configuration\.json$/,
  /\/report\/v2\./,
  /\/manifest\.json$/,
];

/** The needed objects are there, and each recorded object has the recorded hash. */
export const evidenceIntact: DrillJudge = ({ evidence }) => {
  const keys = evidence?.map(({ key }) => key) ?? [];
  return check(
    'evidence is there and unaltered',
    [
      evidence === null && notReached,
      ...needed.map(
        (pattern) =>
          evidence !== null &&
          !keys.some((key) => pattern.test(key)) &&
          `no object is called ${pattern.source}`,
      ),
      ...(evidence ?? []).map(
        ({ key, wanted, got }) => wanted !== got && `${key}: wanted sha256 ${wanted}, got ${got}`,
      ),
    ],
    `${count(keys.length, 'object')} downloaded, each has the sha256 that was recorded`,
  );
};

/**
 * CloudTrail's event history holds management events only: the session's calls to IAM and STS, not
 * those to S3 and DynamoDB. The session had the same name in earlier drills, so only what was
 * recorded since the first call of this one counts.
 */
export const timelineComplete: DrillJudge = ({ timeline, calls }) => {
  const began = Math.floor((calls[0]?.at ?? Number.POSITIVE_INFINITY) / 1_000) * 1_000;
  const own = timeline?.filter(({ at }) => Date.parse(at) >= began) ?? [];
  const has = (name: string, allowed: boolean) =>
    own.some(({ action, outcome }) => action.includes(name) && (outcome === 'allowed') === allowed);
  return check(
    'the timeline tells what the session did',
    timeline
      ? [
          !has('GetCallerIdentity', true) &&
            'the allowed sts:GetCallerIdentity of the session is missing',
          !has('ListRoles', false) && 'the denied iam:ListRoles of the session is missing',
        ]
      : [notReached],
    `${count(own.length, 'event')} of this drill, ` +
      'allowed and denied ones of the stolen session among them',
  );
};

/** The report must name each route that the containment has broken; the drill tried some. */
export const reportNamesRoutes: DrillJudge = ({ report, attempts }) => {
  const named = report?.match(/Routes that fail until it is released: (.*)\./)?.[1] ?? '';
  const failed = attempts
    .filter(({ moment, outcome }) => moment === 'contained' && outcome === 'refused')
    .map(({ entryPoint }) => entryPoint);
  const wanted = failed.map((entryPoint) => entryPoint.replace(/\/[0-9a-f-]{36}$/, '/*'));
  return check(
    'the report names the routes that fail',
    [
      report === null && notReached,
      failed.length === 0 && 'no route was seen to fail',
      ...wanted.map(
        (route) => !named.includes(route) && `${route} fails, and the report does not say so`,
      ),
    ],
    named,
  );
};

/** On AWS. */
const unreadable = '; the mailbox cannot be read from here';

/** The inbox has one mail of each kind, with the recorded subject and the id of the incident. */
export const mailsArrived: DrillJudge = ({ mails, closed }) => {
  const sent = closed?.mails ?? [];
  const wanted = ['flash', 'report1', 'report2', 'release'];
  return check(
    'the security team was told',
    [
      closed === null && notReached,
      ...wanted.map((kind) => {
        const mail = sent.find((candidate) => candidate.kind === kind);
        if (!mail) return `no mail of the kind ${kind} was sent`;
        if (!mails) return false;
        const arrived = mails.filter(
          ({ subject, body }) => subject === mail.subject && body.includes(closed?.head.id ?? ''),
        );
        return (
          arrived.length !== 1 &&
          `${kind}: ${count(arrived.length, 'mail')} in the inbox with the subject ` +
            `"${mail.subject}"`
        );
      }),
    ],
    `${wanted.join(', ')}: sent${mails ? ' and in the inbox' : unreadable}`,
  );
};

export const releaseComplete: DrillJudge = ({ released }) =>
  check(
    'the release took everything back',
    released
      ? [
          !released.released &&
            `${released.status}: ${released.error ?? JSON.stringify(released.actions)}`,
          released.actions.length === 0 && 'nothing was undone',
        ]
      : [notReached],
    `${count(released?.actions.length ?? 0, 'change')} undone by ${released?.by}`,
  );

export const restored: DrillJudge = ({ differences, leftovers, notCompared }) =>
  check(
    'the account is as it was before',
    [
      ...(leftovers ?? [notReached]),
      ...(differences ?? ['the account was not compared: the drill did not get that far']),
    ],
    'roles, functions, URLs, event sources and policies: no difference; what the drill wrote ' +
      'is removed' +
      (notCompared.length > 0
        ? `; not compared, held by another incident: ${notCompared.join(', ')}`
        : ''),
  );

export const drillCompleted: DrillJudge = ({ stoppedBy }) =>
  check('the drill ran to its end', [stoppedBy], 'every step was taken');
