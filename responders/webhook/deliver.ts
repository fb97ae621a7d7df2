import { createHmac } from 'node:crypto';
import { asError, WebhookError } from '../shared/errors.ts';
import { textAt } from '../shared/json.ts';

/** What a person has put into the secret of the webhook. */
export interface WebhookTarget {
  readonly url: string;
  /** With it, the receiver verifies that Cordon has sent a request. */
  readonly key: string;
}

/** A short key could be guessed from one signed request. */
const shortestKey = 32;

/** Reads the secret; no part of it stands in an error. */
export const wantedTarget = (secret: unknown): WebhookTarget => {
  const target = { url: textAt(secret, 'url') ?? '', key: textAt(secret, 'key') ?? '' };
  if (target.url === '') throw new WebhookError('its secret is no JSON with the text "url"');
  if (target.key.length < shortestKey)
    throw new WebhookError(`its key has fewer than ${shortestKey} characters`);
  return target;
};

export interface WebhookCaller {
  /** `https:`; the loopback of a local run has no TLS. */
  readonly protocols: readonly string[];
  readonly fetch: typeof fetch;
  readonly now: () => number;
}

/** As long as EventBridge waits for an API destination. */
const answerMs = 5_000;

/**
 * `v1=<HMAC-SHA256 of "<timestamp>.<body>", hex>`: the time is under the MAC, so that the receiver
 * can refuse an old request that somebody has recorded.
 */
export const signatureOf = (key: string, timestamp: string, body: string): string =>
  `v1=${createHmac('sha256', key).update(`${timestamp}.${body}`).digest('hex')}`;

const addressOf = (url: string, protocols: readonly string[]): URL => {
  if (!URL.canParse(url)) throw new WebhookError('its address is no URL');
  const address = new URL(url);
  if (protocols.includes(address.protocol)) return address;
  throw new WebhookError(`its address does not begin with ${protocols.join('// or ')}//`);
};

/**
 * Sends one request. Anything but a 2xx is a failure, a redirect too: following it would hand the
 * signed body to an address that nobody has configured. The answer is not read.
 */
export const deliver = async (
  { url, key }: WebhookTarget,
  { id, body }: { readonly id: string; readonly body: string },
  { protocols, fetch, now }: WebhookCaller,
): Promise<void> => {
  const address = addressOf(url, protocols);
  const timestamp = String(Math.floor(now() / 1_000));
  const status = await fetch(address, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'user-agent': 'cordon',
      'x-cordon-id': id,
      'x-cordon-timestamp': timestamp,
      'x-cordon-signature': signatureOf(key, timestamp, body),
    },
    body,
    redirect: 'manual',
    signal: AbortSignal.timeout(answerMs),
  }).then(
    async (answer) => {
      await answer.body?.cancel();
      return answer.status;
    },
    (error: unknown) => {
      const { name, cause } = asError(error);
      // The address is part of the secret, and messages of fetch may hold it.
      const code = cause instanceof Error && 'code' in cause ? String(cause.code) : name;
      throw new WebhookError(`it gave no answer (${code})`);
    },
  );
  if (status < 200 || status > 299) throw new WebhookError(`it answered ${status}`);
};
