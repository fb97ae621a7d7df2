/**
 * A CSV cell that a spreadsheet reads as text. A leading `=`, `+`, `-`, `@` or control character
 * would start a formula, also after spaces, so an apostrophe is put before it.
 */
export const cell = (value: string): string =>
  `"${(/^\s*[=+\-@\t\r\n|%]/.test(value) ? `'${value}` : value).replaceAll('"', '""')}"`;
