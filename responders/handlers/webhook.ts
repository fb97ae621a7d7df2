import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { errorText } from '../shared/errors.ts';
import { jsonIn, listAt, textAt } from '../shared/json.ts';
import { wantedJson, wantedText } from '../shared/wanted.ts';
import { bodyOf, type WebhookScope } from '../webhook/body.ts';
import {
  deliver,
  type WebhookCaller,
  type WebhookTarget,
  wantedTarget,
} from '../webhook/deliver.ts';
import { wantedNotice } from '../webhook/notice.ts';
import { isOnAws, jsonVariable, log, serve, settings } from './environment.ts';

/** What infra knows of the channel. */
interface WebhookPlace {
  readonly secretId: string;
  readonly otherConsole: string;
}

const wantedPlace = (source: unknown, path: string): WebhookPlace => ({
  secretId: wantedText(source, `${path}.secretId`),
  otherConsole: textAt(source, `${path}.console`) ?? '',
});

/** A new value of the secret is used after so long at the latest. */
const rememberedMs = 5 * 60_000;

const targetReader = (SecretId: string): (() => Promise<WebhookTarget>) => {
  const client = new SecretsManagerClient({});
  let known: { readonly target: WebhookTarget; readonly until: number } | undefined;
  return async () => {
    if (known && known.until > Date.now()) return known.target;
    const { SecretString = '' } = await client.send(new GetSecretValueCommand({ SecretId }));
    // Never the text itself: an error is logged.
    const target = wantedTarget(jsonIn(SecretString));
    known = { target, until: Date.now() + rememberedMs };
    return target;
  };
};

interface WebhookDeps extends WebhookCaller {
  readonly readTarget: () => Promise<WebhookTarget>;
  readonly scope: WebhookScope;
}

const make = (): WebhookDeps => {
  const { secretId, otherConsole } = jsonVariable('CORDON_WEBHOOK', wantedPlace);
  const { account, region, consoleOrigin } = settings();
  const aws = isOnAws();
  return {
    readTarget: targetReader(secretId),
    scope: { account, region, otherConsole, console: consoleOrigin, aws },
    protocols: aws ? ['https:'] : ['https:', 'http:'],
    fetch,
    now: Date.now,
  };
};

const handOver = async (record: unknown, deps: WebhookDeps): Promise<void> => {
  const notice = wantedNotice(wantedJson(wantedText(record, 'body'), 'body'));
  const body = bodyOf(notice, deps.scope);
  await deliver(await deps.readTarget(), { id: notice.id, body }, deps);
  log('webhook told', { id: notice.id, count: notice.count });
};

/**
 * `WebhookLambda`: hands notices to the webhook, from a queue. What fails stays in the queue, comes
 * back, and is in the dead-letter queue after some tries.
 */
export const handler = serve(make, async (input, deps) => {
  const batchItemFailures: { readonly itemIdentifier: string }[] = [];
  for (const record of listAt(input, 'Records')) {
    try {
      await handOver(record, deps);
    } catch (error) {
      log('webhook not told', { reason: errorText(error) });
      batchItemFailures.push({ itemIdentifier: wantedText(record, 'messageId') });
    }
  }
  return { batchItemFailures };
});
