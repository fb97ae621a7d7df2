import type { ApiProblem } from '@kit/api/problem.ts';
import { shownProblem } from '@kit/api/problems.ts';
import { serverNow } from '@kit/api/server-clock.ts';
import { onBeforeUnmount, type Ref, ref, shallowRef } from 'vue';
import type { Tagged } from './calls.ts';

/** A page is at most three seconds behind: half a second of them is for the look itself. */
const everyMs = 2_500;
const longestMs = 15_000;

export interface Live<State> {
  readonly state: Readonly<Ref<State | undefined>>;
  readonly problem: Readonly<Ref<ApiProblem | undefined>>;
  /** When the API has last said what is so, in epoch ms. */
  readonly heardAt: Readonly<Ref<number | undefined>>;
  readonly look: () => Promise<void>;
}

/** What a further look cannot mend. */
const isFinal = ({ status }: ApiProblem): boolean =>
  status === 400 || status === 403 || status === 404;

/**
 * Follows something that others change. It looks again and again, more rarely while it gets no
 * answer, and not at all while the page is hidden; who comes back sees what is so then.
 */
export const useLive = <State>(read: (tag?: string) => Promise<Tagged<State>>): Live<State> => {
  const state = shallowRef<State>();
  const problem = shallowRef<ApiProblem>();
  const heardAt = ref<number>();
  let [isGone, pause] = [false, everyMs];
  let tag: string | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const soon = (): void => {
    clearTimeout(timer);
    if (!isGone && !document.hidden) timer = setTimeout(() => void look(), pause);
  };
  const look = async (): Promise<void> => {
    clearTimeout(timer);
    try {
      const answer = await read(tag);
      if (answer) {
        state.value = answer.body;
        tag = answer.headers.get('etag') ?? undefined;
      }
      [problem.value, pause, heardAt.value] = [undefined, everyMs, serverNow()];
    } catch (error) {
      problem.value = shownProblem(error);
      if (isFinal(problem.value)) return;
      pause = Math.min(longestMs, Math.max(pause * 1.5, (problem.value.retryAfter ?? 0) * 1_000));
    }
    soon();
  };
  const wake = (): void => {
    if (document.hidden) clearTimeout(timer);
    else void look();
  };
  document.addEventListener('visibilitychange', wake);
  onBeforeUnmount(() => {
    isGone = true;
    clearTimeout(timer);
    document.removeEventListener('visibilitychange', wake);
  });
  void look();
  return { state, problem, heardAt, look };
};
