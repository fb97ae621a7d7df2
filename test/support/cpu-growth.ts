const repeats = 5;
/** Below this, a processor's clock says more of itself than of the work. */
const resolutionMs = 2;

const cpuMs = (work: () => unknown): number => {
  const began = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(began);
  return (user + system) / 1_000;
};

const least = (work: () => unknown): number =>
  Math.min(...Array.from({ length: repeats }, () => cpuMs(work)));

/**
 * How much more processor time a large input costs than small ones that are as much in all: 1 where
 * the cost is linear, `factor` where it is quadratic, on a machine of any speed. The least of
 * several runs counts, because other work may disturb some.
 */
export const cpuGrowth = (
  work: (size: number) => unknown,
  size: number,
  factor: number,
): number => {
  const small = least(() => {
    for (let times = 0; times < factor; times += 1) work(size / factor);
  });
  return least(() => work(size)) / Math.max(small, resolutionMs);
};
