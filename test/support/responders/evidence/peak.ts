/**
 * The most memory that this process has had, in MB. Not `maxRSS` where it can be helped: on Linux a
 * new process inherits that of the one that started it. Nothing is imported, so that the text of
 * this function can be run elsewhere.
 */
export const peakMb = (): number => {
  const { existsSync, readFileSync } = process.getBuiltinModule('node:fs');
  const status = existsSync('/proc/self/status') ? readFileSync('/proc/self/status', 'utf8') : '';
  const [, kilobytes] = /^VmHWM:\s*(\d+) kB$/m.exec(status) ?? [];
  return Math.round(Number(kilobytes ?? process.resourceUsage().maxRSS) / 1_024);
};
