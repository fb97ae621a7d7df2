import type { Health } from '../api/calls.ts';
import { doctorCommand, redriveCommand } from '../parts/commands.ts';
import { spanText, utcText } from '../parts/times.ts';
import { counted, stateWords, type Tone } from '../parts/words.ts';

/** A part of what was read, where it could be read. */
type Known<Part extends keyof Health> = NonNullable<Health[Part]>;

/** One thing that must be so, for the next incident to be contained and told. */
export interface HealthCheck {
  readonly id: string;
  readonly title: string;
  readonly tone: Tone;
  /** One or two words beside the title. */
  readonly verdict: string;
  readonly says: string;
  readonly lines: readonly string[];
  readonly command: string | null;
  /** It could not be read. */
  readonly isUnknown?: true;
}

const good = { tone: 'success', lines: [], command: null } as const;

export const heartbeatSays = (
  { lastSuccess, everyHours }: Known<'heartbeat'>,
  now: number,
): string => {
  if (everyHours === null) return 'No heartbeat runs';
  if (lastSuccess === null) return 'No heartbeat has succeeded yet';
  return `Last heartbeat ${spanText(now - lastSuccess.at)} ago`;
};

/** A new deployment has not begun one: that is not known to be a fault. */
export const isFirstAwaited = ({ lastSuccess, latest }: Known<'heartbeat'>): boolean =>
  lastSuccess === null && latest === null;

const heartbeatCheck = (heartbeat: Known<'heartbeat'>, now: number): HealthCheck => {
  const { everyHours, late, latest } = heartbeat;
  const common = { id: 'heartbeat', title: 'Heartbeat' };
  const what = 'a canary is really contained, denied, and released again';
  if (everyHours === null)
    return {
      ...{ ...common, tone: 'warning', verdict: 'Off', lines: [], command: doctorCommand },
      says: `The configuration has turned it off, so nothing tests whether ${what}.`,
    };
  const says = `${heartbeatSays(heartbeat, now)}. Every ${everyHours} h ${what}.`;
  if (!late) return { ...good, ...common, verdict: 'On time', says };
  if (isFirstAwaited(heartbeat))
    return {
      ...common,
      tone: 'warning',
      verdict: 'Not yet',
      says,
      lines: [],
      command: doctorCommand,
    };
  const begun = latest && `The latest began ${utcText(latest.at, now)} as ${latest.incidentId}`;
  const lines = latest
    ? [`${begun}; its state: ${stateWords(latest.state).text.toLowerCase()}.`]
    : [];
  return { ...common, tone: 'danger', verdict: 'Overdue', says, lines, command: doctorCommand };
};

const selfCheck = (last: Health['selfCheck'], now: number): HealthCheck => {
  const common = { id: 'self-check', title: 'Self-check' };
  if (last === null)
    return {
      ...{ ...common, tone: 'warning', verdict: 'Not yet', lines: [], command: doctorCommand },
      says: 'Cordon has not compared itself with what was deployed yet. It does so every hour.',
    };
  const when = `Compared with what was deployed ${spanText(now - last.at)} ago`;
  if (last.differences.length > 0)
    return {
      ...{ ...common, tone: 'danger', command: doctorCommand, lines: last.differences },
      verdict: counted(last.differences.length, 'difference'),
      says: `${when}. Deploy Cordon again, and find in CloudTrail who changed it.`,
    };
  return last.late
    ? {
        ...{ ...common, tone: 'danger', verdict: 'Overdue', lines: [], command: doctorCommand },
        says: `${when}, and it should be every hour. Look at the rule that starts CheckLambda.`,
      }
    : { ...good, ...common, verdict: 'As deployed', says: `${when}: nothing differs.` };
};

const letterCheck = (deadLetters: number): HealthCheck => {
  const common = { id: 'dead-letters', title: 'Dead letters' };
  if (deadLetters === 0)
    return {
      ...{ ...good, ...common, verdict: 'None' },
      says: 'Every finding and every call has reached its function.',
    };
  return {
    ...{ ...common, tone: 'danger', verdict: String(deadLetters), command: redriveCommand },
    says:
      'Findings or calls that no rule could deliver wait in the queue. The command lists them, ' +
      'and sends them again with --yes.',
    lines: [],
  };
};

const subscriptionWords: Readonly<Record<Known<'subscriptions'>[number]['state'], string>> = {
  pending: 'waits for its confirmation and receives nothing',
  open: 'anyone with one of its mails can unsubscribe it',
  safe: 'confirmed, and only the account can end it',
};

const subscriptionCheck = (subscriptions: Known<'subscriptions'>): HealthCheck => {
  const common = { id: 'subscriptions', title: 'Who is told' };
  const hears = subscriptions.filter(({ state }) => state !== 'pending');
  const weak = subscriptions.filter(({ state }) => state !== 'safe');
  const lines = subscriptions.map(
    ({ endpoint, protocol, state }) => `${endpoint} (${protocol}): ${subscriptionWords[state]}`,
  );
  const says = `${counted(hears.length, 'subscription receives', 'subscriptions receive')} mails.`;
  if (hears.length === 0)
    return {
      ...{ ...common, tone: 'danger', verdict: 'Nobody', lines, command: doctorCommand },
      says: 'Nobody would hear of the next incident.',
    };
  return weak.length === 0
    ? { ...good, ...common, verdict: String(hears.length), says, lines }
    : {
        ...{ ...common, tone: 'warning', verdict: 'Needs attention', says, lines },
        command: 'cordon confirm "<the link of the confirmation>" --aws',
      };
};

const breakerCheck = (breaker: Known<'breaker'>): HealthCheck => {
  const { limit, limitOfType, minutes, contained, heldBack } = breaker;
  const common = { id: 'breaker', title: 'Circuit breaker' };
  const says =
    `${counted(contained, 'containment')} in the last ${minutes} min. From ${limit} of one ` +
    `detector or ${limitOfType} of one finding type on, a person is asked instead.`;
  return heldBack.length === 0
    ? { ...good, ...common, verdict: 'Not tripped', says }
    : {
        ...{ ...common, tone: 'warning', verdict: 'Tripped', says, command: null },
        lines: heldBack.map((id) => `${id} was asked about instead of contained`),
      };
};

const tamperCheck = (tampering: Known<'tampering'>, now: number): HealthCheck => {
  const common = { id: 'tampering', title: 'Tampering' };
  const days = 7;
  const recent = tampering.filter(({ at }) => now - Date.parse(at) < days * 86_400_000);
  const done = recent.filter(({ result }) => result === 'done');
  if (recent.length === 0)
    return {
      ...{ ...good, ...common, verdict: 'None' },
      says: `No call tried to change Cordon's own resources in the last ${days} days.`,
    };
  return {
    ...{ ...common, lines: [], command: null },
    tone: done.length > 0 ? 'danger' : 'warning',
    verdict: done.length > 0 ? 'Changed' : 'Tried',
    says:
      `${counted(recent.length, 'kind')} of call against Cordon itself in the last ${days} days; ` +
      `${done.length} changed something. They are listed below.`,
  };
};

const expiredCheck = ({ expired }: Health): HealthCheck => {
  const common = { id: 'expired', title: 'Expired exemptions' };
  return expired.length === 0
    ? {
        ...{ ...good, ...common, verdict: 'None' },
        says: 'Every exemption and suppression of the configuration still counts.',
      }
    : {
        ...{ ...common, tone: 'warning', verdict: String(expired.length), lines: expired },
        says: 'They do not count any more. Renew them or take them out, and deploy.',
        command: null,
      };
};

const weight: Readonly<Record<Tone, number>> = {
  ...{ danger: 0, warning: 1, neutral: 2, accent: 3, success: 4 },
};

type PartName = Health['failed'][number]['part'];

const titles: Readonly<Record<PartName, string>> = {
  ...{ heartbeat: 'Heartbeat', selfCheck: 'Self-check', deadLetters: 'Dead letters' },
  ...{ subscriptions: 'Who is told', breaker: 'Circuit breaker', tampering: 'Tampering' },
};

/** What could not be read may be as it should be, or not. */
const unknownCheck = ({ part, why }: Health['failed'][number]): HealthCheck => ({
  ...{ id: `unknown-${part}`, title: titles[part], tone: 'danger', verdict: 'Not known' },
  says: `It could not be read: ${why}`,
  ...{ lines: [], command: doctorCommand, isUnknown: true },
});

/** What must be so, that which is not so first. */
export const healthChecks = (health: Health, now: number): readonly HealthCheck[] => {
  const { heartbeat, deadLetters, subscriptions, breaker, tampering, failed } = health;
  const isRead = (part: PartName): boolean => failed.every((missing) => missing.part !== part);
  return [
    ...failed.map(unknownCheck),
    ...(heartbeat ? [heartbeatCheck(heartbeat, now)] : []),
    ...(isRead('selfCheck') ? [selfCheck(health.selfCheck, now)] : []),
    ...(deadLetters === null ? [] : [letterCheck(deadLetters)]),
    ...(subscriptions ? [subscriptionCheck(subscriptions)] : []),
    ...(breaker ? [breakerCheck(breaker)] : []),
    ...(tampering ? [tamperCheck(tampering, now)] : []),
    expiredCheck(health),
  ].sort((left, right) => weight[left.tone] - weight[right.tone]);
};
