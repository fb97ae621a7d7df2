import { onBeforeUnmount, onMounted, type Ref, ref } from 'vue';
import { type RowWindow, rowsOnScreen } from './rows-on-screen.ts';

/**
 * Follows the scrolling of the page and keeps the number of rows in the document bounded, however
 * long the list is.
 */
export const useRowWindow = (
  body: Readonly<Ref<HTMLElement | null>>,
  { count, height }: { readonly count: () => number; readonly height: () => number },
): { readonly visible: Ref<RowWindow>; readonly look: () => void } => {
  const visible = ref<RowWindow>({ first: 0, last: 40 });
  const paper = matchMedia('print');
  /** Paper has every row. */
  const unroll = (): void => {
    visible.value = { first: 0, last: count() };
  };
  const look = (): void => {
    if (!body.value) return;
    if (paper.matches) {
      unroll();
      return;
    }
    const { top } = body.value.getBoundingClientRect();
    const next = rowsOnScreen({
      count: count(),
      height: height(),
      top,
      screen: window.innerHeight,
    });
    if (next.first !== visible.value.first || next.last !== visible.value.last)
      visible.value = next;
  };
  let frame = 0;
  const soon = (): void => {
    cancelAnimationFrame(frame);
    frame = requestAnimationFrame(look);
  };
  onMounted(() => {
    look();
    addEventListener('scroll', soon, { passive: true });
    addEventListener('resize', soon);
    // The change of the media comes too late for the paper, but is all that an emulation tells.
    paper.addEventListener('change', look);
    addEventListener('beforeprint', unroll);
    addEventListener('afterprint', soon);
  });
  onBeforeUnmount(() => {
    cancelAnimationFrame(frame);
    removeEventListener('scroll', soon);
    removeEventListener('resize', soon);
    paper.removeEventListener('change', look);
    removeEventListener('beforeprint', unroll);
    removeEventListener('afterprint', soon);
  });
  return { visible, look };
};
