import { onBeforeUnmount } from 'vue';

const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement &&
  (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));

/** What single keys do on a page, while nobody types and no dialog is open. */
export const useKeys = (acts: Readonly<Record<string, () => void>>): void => {
  const press = (event: KeyboardEvent): void => {
    const { key, ctrlKey, metaKey, altKey, target, defaultPrevented } = event;
    if (defaultPrevented || ctrlKey || metaKey || altKey || isTyping(target)) return;
    if (document.querySelector('[role="dialog"]')) return;
    const act = Object.hasOwn(acts, key) ? acts[key] : undefined;
    if (!act) return;
    event.preventDefault();
    act();
  };
  addEventListener('keydown', press);
  onBeforeUnmount(() => removeEventListener('keydown', press));
};
