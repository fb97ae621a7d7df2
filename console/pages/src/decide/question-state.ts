import { computed, type Ref, ref, shallowRef, watch } from 'vue';
import type { Question } from '../api/calls.ts';
import { differencesOf } from './differences.ts';

/**
 * The question that a person has read, beside the one that is asked now. Buttons belong to the one
 * that was read; another one is read first.
 */
export const useReadQuestion = (asked: Readonly<Ref<Question | undefined>>) => {
  const shown = shallowRef<Question>();
  const isRead = ref(true);
  watch(
    asked,
    (question) => {
      if (!question) return;
      // Before somebody has read it, and once nothing is asked, there is nothing to compare.
      if (!shown.value?.open || question.digest === shown.value.digest) shown.value = question;
      else isRead.value = false;
    },
    { immediate: true },
  );
  return {
    shown,
    differences: computed(() =>
      !isRead.value && shown.value && asked.value ? differencesOf(shown.value, asked.value) : [],
    ),
    read: (): void => {
      [shown.value, isRead.value] = [asked.value, true];
    },
  };
};
