// Reads and hashes evidence beside the page, so that the page stays quick.
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import { LostConnection } from './folder.ts';
import type { NewHash } from './hash.ts';
import type { LinkedFile } from './link-reader.ts';
import type { FromWorker, ToWorker } from './messages.ts';
import type { Progress, TellProgress } from './objects.ts';
import { type BucketTask, verifyBucket } from './verify-bucket.ts';

const newHash: NewHash = () => {
  const hash = sha256.create();
  return { update: (bytes) => void hash.update(bytes), hex: () => bytesToHex(hash.digest()) };
};

const say = (message: FromWorker): void => postMessage(message);

/** The page is told ten times a second how far it is, if it has gone on since. */
const everyMs = 100;
let latest: Progress | undefined;
const tell: TellProgress = (progress) => {
  latest = progress;
};
setInterval(() => {
  if (latest) say({ kind: 'progress', progress: latest });
  latest = undefined;
}, everyMs);

let wanted = Promise.withResolvers<readonly LinkedFile[]>();
const renew = (paths: readonly string[]): Promise<readonly LinkedFile[]> => {
  wanted = Promise.withResolvers();
  say({ kind: 'links-wanted', paths });
  return wanted.promise;
};

const verify = async (task: BucketTask): Promise<void> => {
  try {
    const verdict = await verifyBucket(task, {
      ...{ newHash, tell, renew, now: () => performance.now() },
      fetch: (url) => fetch(url, { credentials: 'omit', cache: 'no-store', redirect: 'error' }),
      pause: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
    });
    say({ kind: 'done', verdict });
  } catch (error) {
    say({ kind: 'lost', why: error instanceof Error ? error.message : String(error) });
  }
};

addEventListener('message', ({ data: message }: MessageEvent<ToWorker>) => {
  if (message.kind === 'verify') void verify(message.task);
  else if (message.kind === 'links') wanted.resolve(message.links);
  else wanted.reject(new LostConnection(message.why));
});
