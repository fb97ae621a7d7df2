import { toast } from '@kit/toasts.ts';

/** Copies a text; where the browser refuses, the text stands on the page to be marked by hand. */
export const copyText = async (text: string, done: string): Promise<void> => {
  try {
    await navigator.clipboard.writeText(text);
    toast(done);
  } catch {
    toast('The browser did not copy it. Mark the text and copy it by hand.', { tone: 'danger' });
  }
};
