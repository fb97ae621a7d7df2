const quoted = (field: string): string => {
  // A sheet would run what begins like this as a formula, also after spaces. A field that has the
  // quote already gets another one, so that taking one away gives every field back as it was.
  const harmless = /^'*\s*[=+\-@\t\r\n|%]/.test(field) ? `'${field}` : field;
  return `"${harmless.replaceAll('"', '""')}"`;
};

/** A table as CSV; the names of the columns are words of this program. */
export const csvText = (columns: readonly string[], rows: readonly (readonly string[])[]): string =>
  [columns.join(','), ...rows.map((row) => row.map(quoted).join(','))].join('\r\n');
