/** One JSON line per event. JSON escapes control characters, so attacker-written text cannot start a line of its own. */
export type Log = (message: string, fields?: Readonly<Record<string, unknown>>) => void;

export const jsonLog =
  (write: (line: string) => void): Log =>
  (message, fields = {}) =>
    write(JSON.stringify({ at: new Date().toISOString(), message, ...fields }));
