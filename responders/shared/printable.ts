/**
 * Attacker-written text made fit for a line: one line, printable, short. A character that is not
 * printable ASCII shows as its code, so that nothing stays hidden.
 */
export const printable = (text: string, limit = 200): string => {
  const shown = text.replaceAll(
    /[^\x20-\x7e]/gu,
    (char) => `\\u{${(char.codePointAt(0) ?? 0).toString(16)}}`,
  );
  return shown.length <= limit ? shown : `${shown.slice(0, limit - 1)}…`;
};
