/** AWS WAF follows this many addresses in one rule; so do we. */
const mostKeys = 10_000;

interface Ring {
  readonly times: number[];
  next: number;
}

/**
 * Says whether a key has come more than `limit` times within the window, this time included. Exact
 * at every moment; AWS counts every few seconds and blocks that much later. Requests that were
 * refused count too, as on AWS.
 */
export const slidingWindow = ({
  limit,
  windowMs,
}: {
  readonly limit: number;
  readonly windowMs: number;
}) => {
  const rings = new Map<string, Ring>();
  const ringOf = (key: string): Ring => {
    const ring = rings.get(key) ?? { times: [], next: 0 };
    rings.delete(key);
    rings.set(key, ring);
    const [oldest] = rings.keys();
    if (rings.size > mostKeys && oldest !== undefined) rings.delete(oldest);
    return ring;
  };
  return (key: string, now: number): boolean => {
    const ring = ringOf(key);
    // Where the ring is full, its next place holds the request that came `limit` requests before
    // this one.
    const over = (ring.times[ring.next] ?? Number.NEGATIVE_INFINITY) > now - windowMs;
    ring.times[ring.next] = now;
    ring.next = (ring.next + 1) % limit;
    return over;
  };
};
