import { onBeforeUnmount } from 'vue';

const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement &&
  (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));

/** What single keys do on a page, while nobody types and no dialog is open. */
export const useKeys = (actions: Readonly<Record<string, () => void>>): void => {
  const press = (event: KeyboardEvent): void => {
    const { key, ctrlKey, metaKey, altKey, target, defaultPrevented } = event;
    if (defaultPrevented || ctrlKey || metaKey || altKey || isTyping(target)) return;
    if (document.querySelector('[role="dialog"]')) return;
    const action = Object.hasOwn(actions, key) ? actions[key] : undefined;
    if (!action) return;
    event.preventDefault();
    action();
  };
  addEventListener('keydown', press);
  onBeforeUnmount(() => removeEventListener('keydown', press));
};

interface KeyWords {
  readonly keys: readonly string[];
  readonly does: string;
}

/** Every key of the console, by the page on which it does something. */
export const keyHelp: readonly { readonly where: string; readonly keys: readonly KeyWords[] }[] = [
  { where: 'Everywhere', keys: [{ keys: ['?'], does: 'This list' }] },
  {
    where: 'Lists',
    keys: [
      { keys: ['j', 'k'], does: 'The next row, the row before' },
      { keys: ['Enter'], does: 'Open the row' },
      { keys: ['/'], does: 'Filter' },
    ],
  },
  {
    where: 'A question',
    keys: [
      { keys: ['a', 'd'], does: 'Contain, or leave alone: opens the dialog' },
      { keys: ['y'], does: 'Copy the command' },
    ],
  },
  {
    where: 'An incident',
    keys: [
      { keys: ['o', 't', 'e', 'r'], does: 'Overview, timeline, evidence, report' },
      { keys: ['y'], does: 'Copy the command of the page, where it has one' },
    ],
  },
  {
    where: 'Its timeline',
    keys: [
      { keys: ['[', ']'], does: 'The first allowed call, the last allowed one' },
      { keys: ['z'], does: 'Fold repeats, or unfold them' },
    ],
  },
];
