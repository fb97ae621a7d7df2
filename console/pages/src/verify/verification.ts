import { shownProblem } from '@kit/api/problems.ts';
import { onBeforeUnmount, type Ref, ref, shallowRef } from 'vue';
import { ownLink } from '../api/api.ts';
import { type EvidenceLinks, openEvidence } from '../api/calls.ts';
import type { LinkedFile } from './link-reader.ts';
import type { Progress } from './objects.ts';
import type { BucketVerdict } from './verify-bucket.ts';
import { verifyInWorker } from './worker-client.ts';

/** What is verified, and for what. */
export interface VerifyWish {
  readonly incident: string;
  readonly round: number;
  readonly purpose: string;
  /** Empty where the person knows none. */
  readonly fingerprint: string;
}

type Stage = 'none' | 'running' | 'done' | 'lost';

export interface RunningVerification {
  readonly stage: Readonly<Ref<Stage>>;
  readonly progress: Readonly<Ref<Progress>>;
  readonly verdict: Readonly<Ref<BucketVerdict | undefined>>;
  /** The entry in the chain of custody that says that it is read. */
  readonly custody: Readonly<Ref<number | undefined>>;
  /** Why nothing can be said. */
  readonly lostBy: Readonly<Ref<string>>;
  /** Asks for the links, which writes the entry; throws what the API refuses with. */
  readonly start: (wish: VerifyWish) => Promise<void>;
  readonly stop: () => void;
}

const filesOf = ({ links }: EvidenceLinks): readonly LinkedFile[] =>
  links.map(({ url, ...file }) => ({ ...file, url: ownLink(url) }));

const nothingYet: Progress = { path: '', objects: 0, bytes: 0 };

/** Verifies the evidence of an incident: custody entry first, then every byte, in a worker. */
export const useVerification = (): RunningVerification => {
  const [stage, progress] = [ref<Stage>('none'), shallowRef(nothingYet)];
  const [verdict, custody, lostBy] = [shallowRef<BucketVerdict>(), ref<number>(), ref('')];
  /** The run that is shown, and the one that waits for its links. */
  let [current, opening] = [new AbortController(), new AbortController()];
  const stop = (): void => {
    for (const run of [current, opening]) run.abort();
  };
  onBeforeUnmount(stop);

  const follow = async (wish: VerifyWish, given: EvidenceLinks, own: AbortController) => {
    /** What an older run still says is not about what is shown. */
    const isShown = (): boolean => current === own;
    const { incident, round, purpose, fingerprint } = wish;
    const task = {
      ...{ incident, round, custody: given.custody, fingerprint },
      ...{ files: filesOf(given), signingKey: { ...given.signingKey } },
      linksLastMs: given.expiresInSeconds * 1_000,
    };
    try {
      const said = await verifyInWorker(task, {
        tell: (told) => {
          if (isShown()) progress.value = told;
        },
        renew: async (paths) =>
          filesOf(await openEvidence(incident, { round, purpose, paths: [...paths] })),
        signal: own.signal,
      });
      if (isShown()) [stage.value, verdict.value] = ['done', said];
    } catch (error) {
      if (isShown())
        [stage.value, lostBy.value] = ['lost', error instanceof Error ? error.message : ''];
    }
  };

  const start = async (wish: VerifyWish): Promise<void> => {
    opening.abort();
    const own = new AbortController();
    opening = own;
    const { round, purpose } = wish;
    const given = await openEvidence(wish.incident, { round, purpose });
    if (own.signal.aborted) return;
    current.abort();
    current = own;
    [stage.value, progress.value, verdict.value] = ['running', nothingYet, undefined];
    custody.value = given.custody;
    void follow(wish, given, own);
  };
  return { stage, progress, verdict, custody, lostBy, start, stop };
};

/** A refusal in one sentence. */
export const refusalOf = (error: unknown): string => {
  const { detail, requestId } = shownProblem(error);
  return `${detail}${requestId ? ` (request ${requestId})` : ''}`;
};
