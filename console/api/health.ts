import { GetQueueAttributesCommand, type SQSClient } from '@aws-sdk/client-sqs';
import type { DecidingPlace } from '../../operator/place.ts';
import { output } from '../../operator/place.ts';
import { subscriptionsOf } from '../../operator/subscription.ts';
import { expiredEntries } from '../../responders/decide/entries.ts';
import type { Settings } from '../../responders/decide/settings.ts';
import { breakerRecords } from '../../responders/incident/breaker.ts';
import { lastCheck, toldTampering } from '../../responders/incident/own-state.ts';
import { asError, errorText } from '../../responders/shared/errors.ts';
import { printable } from '../../responders/shared/printable.ts';
import { type ConsoleRequest, requireGroup } from './caller.ts';
import { heartbeatState } from './heartbeat.ts';
import { everybody, type ReadDeps } from './read-deps.ts';

export interface HealthDeps extends ReadDeps {
  readonly settings: Settings;
  readonly place: DecidingPlace;
  readonly sqs: SQSClient;
}

/** Findings and calls that no rule could deliver; `cordon redrive` lists and sends them. */
const deadLetters = async ({ sqs, place }: HealthDeps): Promise<number> => {
  const { Attributes = {} } = await sqs.send(
    new GetQueueAttributesCommand({
      QueueUrl: output(place, 'CordonResponse', 'RuleDeadLetterUrl'),
      AttributeNames: ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'],
    }),
  );
  return Object.values(Attributes).reduce((sum, count) => sum + Number(count), 0);
};

/** As late as the alarm lets it be. */
const lateCheckMs = 3 * 3_600_000;

const selfCheckState = async ({ table, mask, now }: HealthDeps) => {
  const last = await lastCheck(table);
  if (last === undefined) return null;
  return {
    at: last.at,
    late: now() - last.at > lateCheckMs,
    differences: last.differences.map((text) => printable(mask(text), 300)),
  };
};

const mostCalls = 50;

/** Names of callers and resources are chosen by whoever calls. */
const tamperingShown = async ({ table, mask }: HealthDeps) =>
  (await toldTampering(table, mostCalls)).map((call) => ({
    ...call,
    resource: printable(mask(call.resource), 160),
    caller: printable(mask(call.caller), 160),
    from: printable(mask(call.from), 60),
  }));

const parts = [
  ...(['deadLetters', 'subscriptions', 'breaker', 'heartbeat'] as const),
  ...(['selfCheck', 'tampering'] as const),
] as const;
type HealthPart = (typeof parts)[number];

interface FailedPart {
  readonly part: HealthPart;
  readonly why: string;
}

/** What cannot be read hides nothing else: it is null, and says why. */
const partReader = ({ mask }: HealthDeps, failed: FailedPart[]) => {
  return async <Known>(part: HealthPart, work: () => Promise<Known>): Promise<Known | null> => {
    try {
      return await work();
    } catch (error) {
      failed.push({ part, why: printable(mask(errorText(asError(error))), 300) });
      return null;
    }
  };
};

/** `open`: the link in a mail ends it for whoever has the mail. */
const subscriptionsShown = async ({ place }: HealthDeps) =>
  (await subscriptionsOf(place)).map(({ endpoint, protocol, state }) => ({
    endpoint: printable(endpoint, 200),
    protocol,
    state,
  }));

/** Of all sources and types together; each has a quota of its own. */
const breakerState = async ({ table, settings: { breaker }, now }: HealthDeps) => {
  const records = await breakerRecords(table, now(), breaker.minutes);
  return {
    ...breaker,
    contained: records.filter(({ held }) => !held).length,
    heldBack: records.filter(({ held }) => held).map(({ incident }) => incident),
  };
};

/** `GET /health`: whether somebody hears of the next incident, and what waits. */
export const health = (deps: HealthDeps) => async (request: ConsoleRequest) => {
  requireGroup(request, everybody);
  const { settings, place, now } = deps;
  const hours = Number(output(place, 'CordonResponse', 'HeartbeatHours'));
  const failed: FailedPart[] = [];
  const known = partReader(deps, failed);
  const [waiting, subscriptions, breaker, heartbeat, selfCheck, tampering] = await Promise.all([
    known('deadLetters', () => deadLetters(deps)),
    known('subscriptions', () => subscriptionsShown(deps)),
    known('breaker', () => breakerState(deps)),
    known('heartbeat', () => heartbeatState(Number.isFinite(hours) ? hours : null, deps)),
    known('selfCheck', () => selfCheckState(deps)),
    known('tampering', () => tamperingShown(deps)),
  ]);
  for (const { part, why } of failed) request.log.error('health not read', { part, why });
  return {
    status: 200,
    body: {
      at: now(),
      deadLetters: waiting,
      ...{ subscriptions, breaker, heartbeat, selfCheck, tampering },
      expired: expiredEntries(settings, now()),
      failed: failed.toSorted(
        (left, right) => parts.indexOf(left.part) - parts.indexOf(right.part),
      ),
    },
  };
};
