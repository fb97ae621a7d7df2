import { onBeforeUnmount, type Ref, ref } from 'vue';

/** Whether a media query holds, now and when it changes. */
export const useMedia = (query: string): Ref<boolean> => {
  const list = matchMedia(query);
  const holds = ref(list.matches);
  const listen = (): void => {
    holds.value = list.matches;
  };
  list.addEventListener('change', listen);
  onBeforeUnmount(() => list.removeEventListener('change', listen));
  return holds;
};
