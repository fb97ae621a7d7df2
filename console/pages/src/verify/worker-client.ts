import type { LinkedFile } from './link-reader.ts';
import type { FromWorker, ToWorker } from './messages.ts';
import type { Progress } from './objects.ts';
import type { BucketTask, BucketVerdict } from './verify-bucket.ts';
import workerUrl from './worker.ts?worker&url';

/** The part of Trusted Types that is used here; some browsers have none. */
interface TypePolicies {
  createPolicy(
    name: string,
    rules: { createScriptURL: (url: string) => string },
  ): { createScriptURL(url: string): string };
}

const onlyOurs = (url: string): string => {
  if (url === workerUrl) return url;
  throw new TypeError('a page of the console starts no other worker');
};

/** As infra/console/page-rights.ts names it: the one script that the pages start by themselves. */
const policyName = 'cordon-verifier';
let scriptUrl: string | undefined;
const trustedUrl = (): string => {
  const policies = Reflect.get(globalThis, 'trustedTypes') as TypePolicies | undefined;
  scriptUrl ??=
    policies?.createPolicy(policyName, { createScriptURL: onlyOurs }).createScriptURL(workerUrl) ??
    workerUrl;
  return scriptUrl;
};

/** The verification ended before anything could be said about the evidence. */
export class UnfinishedVerification extends Error {
  override readonly name = 'UnfinishedVerification';
}

export interface WorkerCalls {
  readonly tell: (progress: Progress) => void;
  readonly renew: (paths: readonly string[]) => Promise<readonly LinkedFile[]>;
  readonly signal: AbortSignal;
}

const stopped = 'it was stopped';

/** Verifies in a worker; the signal ends it. */
export const verifyInWorker = (
  task: BucketTask,
  { tell, renew, signal }: WorkerCalls,
): Promise<BucketVerdict> => {
  if (signal.aborted) return Promise.reject(new UnfinishedVerification(stopped));
  const worker = new Worker(trustedUrl(), { type: 'module' });
  const say = (message: ToWorker): void => worker.postMessage(message);
  const { promise, resolve, reject } = Promise.withResolvers<BucketVerdict>();
  const end = (why: string): void => reject(new UnfinishedVerification(why));
  worker.addEventListener('message', ({ data: message }: MessageEvent<FromWorker>) => {
    if (message.kind === 'progress') tell(message.progress);
    else if (message.kind === 'done') resolve(message.verdict);
    else if (message.kind === 'lost') end(message.why);
    else
      renew(message.paths).then(
        (links) => say({ kind: 'links', links }),
        (error: unknown) => say({ kind: 'no-links', why: String(error) }),
      );
  });
  worker.addEventListener('error', ({ message }) => end(message || 'the worker did not start'));
  signal.addEventListener('abort', () => end(stopped));
  say({ kind: 'verify', task });
  return promise.finally(() => worker.terminate());
};
