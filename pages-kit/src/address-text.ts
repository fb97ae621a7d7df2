import { type Ref, ref, watch } from 'vue';
import { useRoute, useRouter } from 'vue-router';

/** A word in the query of the address, or nothing. */
const wordOf = (given: unknown): string => (typeof given === 'string' ? given.slice(0, 100) : '');

/**
 * A text that stands in the address, so that a link and the back button bring it back. What is
 * typed goes there after a moment, and replaces the address instead of adding one for each letter.
 */
export const useAddressText = (name: string, usual = ''): Ref<string> => {
  const [route, router] = [useRoute(), useRouter()];
  const text = ref(wordOf(route.query[name]) || usual);
  let timer: ReturnType<typeof setTimeout> | undefined;
  watch(text, (typed) => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      const { [name]: _previous, ...rest } = route.query;
      const isUsual = typed.trim() === '' || typed === usual;
      void router.replace({ query: isUsual ? rest : { ...rest, [name]: typed } });
    }, 250);
  });
  watch(
    () => route.query[name],
    (given) => {
      const word = wordOf(given) || usual;
      if (word !== text.value.trim()) text.value = word;
    },
  );
  return text;
};
