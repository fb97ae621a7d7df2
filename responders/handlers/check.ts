import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { IAMClient } from '@aws-sdk/client-iam';
import { KMSClient } from '@aws-sdk/client-kms';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { SNSClient } from '@aws-sdk/client-sns';
import { check } from '../check/check.ts';
import type { CheckClients } from '../check/checker.ts';
import { wantedDeployed } from '../check/deployed.ts';
import { expiredEntries } from '../decide/entries.ts';
import { saveCheck } from '../incident/own-state.ts';
import { tellDifferences } from '../report/difference-mail.ts';
import { tellExpired } from '../report/expired-mail.ts';
import { tellObserved } from '../report/observed-mail.ts';
import { showWith } from '../report/shown.ts';
import { DifferentError } from '../shared/errors.ts';
import { isOnAws, log, masking, serve, settings, table, variableIfSet } from './environment.ts';
import { mailsTo, posting } from './post.ts';

const clients = (): CheckClients => ({
  cloudformation: new CloudFormationClient({}),
  events: new EventBridgeClient({}),
  iam: new IAMClient({}),
  kms: new KMSClient({}),
  lambda: new LambdaClient({}),
  sns: new SNSClient({}),
});

/** The topic of those who are asked what nobody has answered, where there are some. */
const others = () => {
  const topic = variableIfSet('CORDON_ESCALATION_TOPIC');
  return topic === undefined ? {} : { tellOthers: mailsTo(topic) };
};

const make = () => {
  const entries = settings();
  return {
    ...others(),
    clients: clients(),
    post: posting(table()),
    account: entries.account,
    entries,
    words: { show: showWith(masking()), scope: { aws: isOnAws(), console: entries.consoleOrigin } },
  };
};

/**
 * `CheckLambda`: compares Cordon with what was deployed. It mails what differs and then fails, so
 * that an alarm tells it too, on a way of its own. Expired entries of the configuration, and once a
 * week what observe mode kept Cordon from doing, are mailed, and no failure.
 */
export const handler = serve(make, async (input, { clients, entries, words, ...deps }) => {
  const deployed = wantedDeployed(input);
  const differences = await check(deployed, clients);
  log('checked', { differences });
  await saveCheck(deps.post.table, { at: deps.post.now(), differences });
  if (differences.length > 0) await tellDifferences(differences, deps);
  const expired = expiredEntries(entries, deps.post.now());
  if (expired.length > 0) await tellExpired(expired, deps);
  await tellObserved({ ...deps, cases: deps.post.table, ...words });
  if (differences.length > 0) throw new DifferentError(differences);
  return { differences };
});
