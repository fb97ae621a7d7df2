// A person without a mouse: Tab, Enter, Space and letters.
import type { Locator, Page } from 'playwright-core';

/** More than any page of ours has before its content ends. */
const mostStops = 150;

/** Presses Tab until something has the focus, as a person does who looks for it. */
export const tabTo = async (page: Page, target: Locator): Promise<void> => {
  await target.first().waitFor();
  const focused = page.locator(':focus');
  for (let stop = 0; stop < mostStops; stop += 1) {
    if ((await focused.and(target).count()) > 0) return;
    await page.keyboard.press('Tab');
  }
  throw new Error(`no Tab of ${mostStops} reaches ${String(target)}`);
};

/** Goes to a link or button and presses Enter. */
export const enterAt = async (page: Page, target: Locator): Promise<void> => {
  await tabTo(page, target);
  await page.keyboard.press('Enter');
};

/** Goes to a field and types. */
export const typeInto = async (page: Page, target: Locator, text: string): Promise<void> => {
  await tabTo(page, target);
  await page.keyboard.type(text);
};
