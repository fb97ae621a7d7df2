import { check, type Judge, notSeen } from './seen.ts';

/**
 * A role that is denied whole may have been denied to one function first, while nobody could say
 * who else uses it.
 */
const begunWith = (id: string, acted: readonly string[]): boolean =>
  id === 'contain.quarantine-function' && acted.includes('contain.quarantine-role');

/** Cordon itself says so, about the right workload, by the right means and no others. */
export const containedAsPlanned: Judge = ({ contained, suspect, responders }) => {
  const found = contained?.head.suspect;
  const acted = contained?.actions.map(({ responder }) => responder) ?? [];
  return check(
    'Cordon says that it is contained',
    contained
      ? [
          contained.head.state !== 'contained' &&
            `the incident is ${contained.head.state}: ${contained.head.decision.reason}`,
          (found?.functionName !== suspect.functionName || found.roleName !== suspect.roleName) &&
            `it is about ${found ? `${found.functionName}, ${found.roleName}` : 'nobody'}`,
          ...responders.map((id) => !acted.includes(id) && `${id} did nothing`),
          ...acted.map(
            (id) => !responders.includes(id) && !begunWith(id, acted) && `${id} was not called for`,
          ),
          ...contained.actions.map(
            ({ responder, outcome, reason = '' }) =>
              outcome !== 'contained' && `${responder}: ${outcome} ${reason}`.trim(),
          ),
        ]
      : [notSeen],
    `${suspect.functionName}: ${responders.join(', ')}`,
  );
};

/** Every stage ran, and says that it went well. */
export const stagesRan: Judge = ({ closed }) => {
  const wanted = ['evidence', 'timeline1', 'report1', 'timeline2', 'report2', 'manifest', 'close'];
  const stages = closed?.stages ?? [];
  return check(
    'every stage ran',
    [
      closed === null && notSeen,
      ...wanted.map((name) => !stages.some((stage) => stage.name === name) && `${name} is missing`),
      ...stages.map(
        ({ name, status, error = '' }) => status !== 'ok' && `${name}: ${status} ${error}`.trim(),
      ),
    ],
    stages.map(({ name, ms }) => (name === 'close' ? name : `${name} ${ms} ms`)).join(', '),
  );
};

/** The minimum that must be there; everything that is listed must be what the list says. */
const needed = [
  /\/findings\/\d+\.json$/,
  /\/function\/code\.zip$/,
  /\/function\/configuration\.json$/,
  /\/report\/v2\./,
  /\/manifest\.json$/,
];

export const evidenceHolds: Judge = ({ evidence }) => {
  const keys = evidence?.map(({ key }) => key) ?? [];
  return check(
    'evidence is there and unaltered',
    [
      evidence === null && notSeen,
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
    `${keys.length} objects downloaded, each has the sha256 that was recorded`,
  );
};

/**
 * CloudTrail's event history holds management events only: the session's calls to IAM and STS, not
 * those to S3 and DynamoDB. The session had the same name in earlier drills, so only what was
 * recorded since the first call of this one counts.
 */
export const timelineTells: Judge = ({ timeline, calls }) => {
  const began = Math.floor((calls[0]?.at ?? Number.POSITIVE_INFINITY) / 1_000) * 1_000;
  const own = timeline?.filter(({ at }) => Date.parse(at) >= began) ?? [];
  const told = (name: string, allowed: boolean) =>
    own.some(({ action, outcome }) => action.includes(name) && (outcome === 'allowed') === allowed);
  return check(
    'the timeline tells what the session did',
    timeline
      ? [
          !told('GetCallerIdentity', true) &&
            'the allowed sts:GetCallerIdentity of the session is missing',
          !told('ListRoles', false) && 'the denied iam:ListRoles of the session is missing',
        ]
      : [notSeen],
    `${own.length} events of this drill, allowed and denied ones of the stolen session among them`,
  );
};

/**
 * The reader must learn from the report what the containment has broken, route by route; the tried
 * ones are those that failed.
 */
export const reportNamesRoutes: Judge = ({ report, knocks }) => {
  const named = report?.match(/Routes that fail until it is released: (.*)\./)?.[1] ?? '';
  const failed = knocks
    .filter(({ moment, outcome }) => moment === 'contained' && outcome === 'refused')
    .map(({ door }) => door);
  const wanted = failed.map((door) => door.replace(/\/[0-9a-f-]{36}$/, '/*'));
  return check(
    'the report names the routes that fail',
    [
      report === null && notSeen,
      failed.length === 0 && 'no route was seen to fail',
      ...wanted.map(
        (route) => !named.includes(route) && `${route} fails, and the report does not say so`,
      ),
    ],
    named,
  );
};

/**
 * One mail of each kind is in the inbox, under the subject that the case table remembers, and names
 * the incident.
 */
export const mailsArrived: Judge = ({ mails, closed }) => {
  const sent = closed?.mails ?? [];
  const wanted = ['flash', 'report1', 'report2', 'release'];
  return check(
    'the security team was told',
    [
      closed === null && notSeen,
      ...wanted.map((kind) => {
        const mail = sent.find((one) => one.kind === kind);
        if (!mail) return `no mail of the kind ${kind} was sent`;
        if (!mails) return false;
        const arrived = mails.filter(
          ({ subject, body }) => subject === mail.subject && body.includes(closed?.head.id ?? ''),
        );
        return (
          arrived.length !== 1 &&
          `${kind}: ${arrived.length} mails with the subject "${mail.subject}" in the inbox`
        );
      }),
    ],
    `${wanted.join(', ')}: sent${mails ? ' and in the inbox' : '; nobody can look into the mailbox from here'}`,
  );
};

export const releasedWhole: Judge = ({ released }) =>
  check(
    'the release took everything back',
    released
      ? [
          !released.released &&
            `${released.status}: ${released.error ?? JSON.stringify(released.actions)}`,
          released.actions.length === 0 && 'nothing was undone',
        ]
      : [notSeen],
    `${released?.actions.length} changes undone by ${released?.by}`,
  );

export const restored: Judge = ({ differences, left }) =>
  check(
    'the account is as it was before',
    [
      ...(left ?? [notSeen]),
      ...(differences ?? ['the account was not compared: the drill did not get that far']),
    ],
    'roles, functions, URLs, event sources and policies: no difference; what the drill wrote is removed',
  );

export const ranToTheEnd: Judge = ({ broke }) =>
  check('the drill ran to its end', [broke], 'every step was taken');
