/** AWS WAF counts at most this many addresses in one rule. */
const maxKeys = 10_000;

interface Ring {
  readonly times: number[];
  next: number;
}

/**
 * Says whether a key occurred more than `limit` times within the window, this time included. The
 * count is exact; AWS evaluates every few seconds and therefore blocks later. Refused requests
 * count too, as on AWS.
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
    if (rings.size > maxKeys && oldest !== undefined) rings.delete(oldest);
    return ring;
  };
  return (key: string, now: number): boolean => {
    const ring = ringOf(key);
    // In a full ring, the next slot holds the time of the request `limit` requests ago.
    const over = (ring.times[ring.next] ?? Number.NEGATIVE_INFINITY) > now - windowMs;
    ring.times[ring.next] = now;
    ring.next = (ring.next + 1) % limit;
    return over;
  };
};
