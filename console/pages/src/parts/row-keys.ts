import { useKeys } from './keys.ts';

/** `j` and `k` go through the rows of the table of a page; Enter follows the link, as anywhere. */
export const useRowKeys = (more: Readonly<Record<string, () => void>> = {}): void => {
  const step = (by: 1 | -1): void => {
    const links = [...document.querySelectorAll<HTMLAnchorElement>('.k-table a.is-row')];
    const at = links.indexOf(document.activeElement as HTMLAnchorElement);
    const isOnScreen = (link: HTMLElement): boolean => link.getBoundingClientRect().bottom > 0;
    const next = at < 0 ? links.find(isOnScreen) : links[at + by];
    next?.focus();
    next?.scrollIntoView({ block: 'nearest' });
  };
  useKeys({ j: () => step(1), k: () => step(-1), ...more });
};
