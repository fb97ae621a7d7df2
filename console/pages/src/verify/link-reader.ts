import { LostConnection } from './folder.ts';

/** One object of the folder, with a link to it. */
export interface LinkedFile {
  readonly path: string;
  readonly url: string;
  readonly bytes: number | null;
  readonly versionId: string | null;
}

/** What reading a folder by its links needs from outside. */
export interface LinkReading {
  readonly fetch: (url: string) => Promise<Response>;
  /** New links where the old ones have ended; each time somebody reads, that is written down. */
  readonly renew: (paths: readonly string[]) => Promise<readonly LinkedFile[]>;
  readonly pause: (ms: number) => Promise<void>;
  readonly now: () => number;
  /** How long a link works. */
  readonly linksLastMs: number;
}

/** Up to this size an object is fetched before its turn: links work for a minute only. */
export const smallBytes = 1024 * 1024;
/** As many as the API gives at once. */
const mostRenewed = 100;
const tries = 4;
const firstPauseMs = 400;
/** A request may be on its way for so long. */
const spareMs = 5_000;

/** Asks again while the network or S3 fails; what then does not answer is no finding. */
const answerOf = async (url: string, { fetch, pause }: LinkReading): Promise<Response> => {
  for (let attempt = 1; ; attempt += 1) {
    const answer = await fetch(url).catch(() => undefined);
    if (answer && answer.status < 500 && answer.status !== 429) return answer;
    if (attempt === tries)
      throw new LostConnection(answer ? `S3 answered ${answer.status}` : 'nothing answered');
    await pause(firstPauseMs * 2 ** attempt);
  }
};

/** Whether S3 says that a link has ended, or the keys with which it was made. */
const saysEnded = async (answer: Response): Promise<boolean> => {
  if (answer.status !== 403 && answer.status !== 400) return false;
  const words = await answer
    .clone()
    .text()
    .catch(() => '');
  return /expired/i.test(words);
};

/** Reads one object by its link, in pieces as they come. */
export type ReadPieces = (path: string) => AsyncGenerator<Uint8Array>;

/** The links, of which all that are still needed are renewed at once when one has ended. */
const renewableLinks = (files: readonly LinkedFile[], { renew, now, linksLastMs }: LinkReading) => {
  const links = new Map(files.map((file) => [file.path, file.url]));
  const givenAt = new Map(files.map(({ url }) => [url, now()]));
  const read = new Set<string>();
  let renewing: Promise<void> = Promise.resolve();
  /** Earlier manifests lie in other folders, to which the API gives no single links. */
  const needed = (path: string): readonly string[] => {
    const unread = [...links.keys()].filter((other) => other !== path && !read.has(other));
    return [path, ...unread].filter((other) => !other.startsWith('chain/')).slice(0, mostRenewed);
  };
  const renewOf = async (path: string, ended: string): Promise<void> => {
    // Another object has asked for this link, too.
    if (links.get(path) !== ended || path.startsWith('chain/')) return;
    for (const file of await renew(needed(path))) {
      links.set(file.path, file.url);
      givenAt.set(file.url, now());
    }
  };
  return {
    urlOf: (path: string): string => links.get(path) ?? '',
    hasEnded: (url: string): boolean => now() - (givenAt.get(url) ?? 0) > linksLastMs - spareMs,
    wasRead: (path: string): void => void read.add(path),
    renewed: (path: string, ended: string): Promise<void> => {
      renewing = renewing.catch(() => undefined).then(() => renewOf(path, ended));
      return renewing;
    },
  };
};

export const linkReader = (files: readonly LinkedFile[], reading: LinkReading): ReadPieces => {
  const { urlOf, hasEnded, wasRead, renewed } = renewableLinks(files, reading);

  const opened = async (path: string): Promise<ReadableStream<Uint8Array>> => {
    if (hasEnded(urlOf(path))) await renewed(path, urlOf(path));
    let url = urlOf(path);
    let answer = await answerOf(url, reading);
    if (answer.status === 403 || (await saysEnded(answer))) {
      await renewed(path, url);
      if (urlOf(path) !== url) {
        url = urlOf(path);
        answer = await answerOf(url, reading);
      }
    }
    if (answer.ok && answer.body) return answer.body;
    // There are links that the API does not renew. That says nothing about the object.
    if ((await saysEnded(answer)) || (answer.status === 403 && hasEnded(url)))
      throw new LostConnection('the link has ended');
    const isGone = answer.status === 404;
    const reason = isGone ? 'the bucket has this version no longer' : 'S3 refused it';
    throw new Error(`${reason} (HTTP ${answer.status})`);
  };

  return async function* (path) {
    const reader = (await opened(path)).getReader();
    try {
      for (;;) {
        const { done, value } = await reader.read().catch((error: unknown) => {
          throw new LostConnection(error instanceof Error ? error.message : String(error));
        });
        if (done) return wasRead(path);
        yield value;
      }
    } finally {
      // Who stops early lets the connection go; a stream that has failed has no more to end.
      void reader.cancel().catch(() => undefined);
    }
  };
};
