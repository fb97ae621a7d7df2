import { GetQueueAttributesCommand, type SQSClient } from '@aws-sdk/client-sqs';
import type { DecidingPlace } from '../../operator/place.ts';
import { output } from '../../operator/place.ts';
import { subscriptionsOf } from '../../operator/subscription.ts';
import { expiredEntries } from '../../responders/decide/entries.ts';
import type { Settings } from '../../responders/decide/settings.ts';
import { breakerRecords } from '../../responders/incident/breaker.ts';
import { printable } from '../../responders/shared/printable.ts';
import { type ConsoleRequest, requireGroup } from './caller.ts';
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

/** `GET /health`: whether somebody hears of the next incident, and what waits. */
export const health = (deps: HealthDeps) => async (request: ConsoleRequest) => {
  requireGroup(request, everybody);
  const { table, settings, place, now } = deps;
  const { breaker } = settings;
  const [waiting, subscriptions, records] = await Promise.all([
    deadLetters(deps),
    subscriptionsOf(place),
    breakerRecords(table, now(), breaker.minutes),
  ]);
  return {
    status: 200,
    body: {
      at: now(),
      deadLetters: waiting,
      /** `open`: the link in a mail ends it for whoever has the mail. */
      subscriptions: subscriptions.map(({ endpoint, protocol, state }) => ({
        endpoint: printable(endpoint, 200),
        protocol,
        state,
      })),
      /** Of all sources and types together; each has a quota of its own. */
      breaker: {
        ...breaker,
        contained: records.filter(({ held }) => !held).length,
        heldBack: records.filter(({ held }) => held).map(({ incident }) => incident),
      },
      expired: expiredEntries(settings, now()),
    },
  };
};
