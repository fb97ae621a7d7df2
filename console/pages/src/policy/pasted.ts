/** As large as an event of EventBridge can be. */
const mostLetters = 262_144;

type Pasted = { readonly finding: Record<string, unknown> } | { readonly wrong: string };

/** What a person pasted, as far as it can be sent. */
export const pastedFinding = (text: string): Pasted => {
  if (text.trim() === '') return { wrong: 'Paste the event of a finding first.' };
  if (text.length > mostLetters) return { wrong: 'This is longer than any event of EventBridge.' };
  try {
    const given: unknown = JSON.parse(text);
    return typeof given === 'object' && given !== null && !Array.isArray(given)
      ? { finding: given as Record<string, unknown> }
      : { wrong: 'This is JSON, and no event: an event begins with {.' };
  } catch {
    return { wrong: 'This is no JSON. Paste the whole event, from { to }.' };
  }
};
