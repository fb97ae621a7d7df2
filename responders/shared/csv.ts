/**
 * A cell that a spreadsheet takes as text: a leading `=`, `+`, `-`, `@` or control character would
 * be a formula, also behind spaces.
 */
export const cell = (value: string): string =>
  `"${(/^\s*[=+\-@\t\r\n|%]/.test(value) ? `'${value}` : value).replaceAll('"', '""')}"`;
