import type { ApiProblem } from '@kit/api/problem.ts';
import { shownProblem } from '@kit/api/problems.ts';
import { onBeforeUnmount, type Ref, shallowRef } from 'vue';

interface Loaded<Body> {
  readonly body: Readonly<Ref<Body | undefined>>;
  readonly problem: Readonly<Ref<ApiProblem | undefined>>;
  readonly load: () => Promise<void>;
}

/** Something that is read once, and again when a person asks for it. */
export const useLoaded = <Body>(read: () => Promise<Body>): Loaded<Body> => {
  const body = shallowRef<Body>();
  const problem = shallowRef<ApiProblem>();
  let [turn, isGone] = [0, false];
  const load = async (): Promise<void> => {
    turn += 1;
    const own = turn;
    const isOld = (): boolean => isGone || own !== turn;
    problem.value = undefined;
    try {
      const answer = await read();
      if (!isOld()) body.value = answer;
    } catch (error) {
      if (!isOld()) problem.value = shownProblem(error);
    }
  };
  onBeforeUnmount(() => {
    isGone = true;
  });
  void load();
  return { body, problem, load };
};
