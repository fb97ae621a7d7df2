import { ApiProblem } from '@kit/api/problem.ts';
import { computed, type Ref, ref, shallowRef, watch } from 'vue';
import type { Question } from '../api/calls.ts';
import { differencesOf } from './differences.ts';

/**
 * The question that a person has read, beside the one that is asked now. Buttons belong to the one
 * that was read; another one is read first.
 */
export const useReadQuestion = (asked: Readonly<Ref<Question | undefined>>) => {
  const [shown, latest] = [shallowRef<Question>(), shallowRef<Question>()];
  const isRead = ref(true);
  /** Takes what is asked now: from the look at it, or from the refusal of an answer. */
  const take = (question: Question | undefined): void => {
    if (!question) return;
    latest.value = question;
    // Before somebody has read it, and once nothing is asked, there is nothing to compare.
    isRead.value = !shown.value?.open || question.digest === shown.value.digest;
    if (isRead.value) shown.value = question;
  };
  watch(asked, take, { immediate: true });
  return {
    shown,
    differences: computed(() =>
      !isRead.value && shown.value && latest.value ? differencesOf(shown.value, latest.value) : [],
    ),
    read: (): void => {
      [shown.value, isRead.value] = [latest.value, true];
    },
    take,
  };
};

/** The question that a refused answer names as the one that is asked now. */
export const questionIn = (error: unknown): Question | undefined => {
  if (!(error instanceof ApiProblem) || error.status !== 409) return undefined;
  const question: unknown = Reflect.get(error.body, 'question');
  const isQuestion =
    typeof question === 'object' &&
    question !== null &&
    'digest' in question &&
    'facts' in question;
  return isQuestion ? (question as Question) : undefined;
};
