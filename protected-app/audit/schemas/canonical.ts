import { createHash } from 'node:crypto';

/**
 * The one way to write a value as JSON: sorted keys, no spaces, whole numbers only; what is
 * undefined is left out. The verifier has a function of its own, because it imports nothing from
 * who writes; a test holds both to the same bytes.
 */
export const canonicalJson = (value: unknown): string => {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (typeof value === 'object' && value !== null) {
    const members = Object.entries(value)
      .filter(([, member]) => member !== undefined)
      .sort(([left], [right]) => (left < right ? -1 : 1))
      .map(([name, member]) => `${JSON.stringify(name)}:${canonicalJson(member)}`);
    return `{${members.join(',')}}`;
  }
  const isWhole = typeof value !== 'number' || Number.isSafeInteger(value);
  if (value === undefined || typeof value === 'function' || !isWhole)
    throw new Error(`${String(value)} has no canonical form`);
  return JSON.stringify(value);
};

export const sha256Hex = (content: string | Uint8Array): string =>
  createHash('sha256').update(content).digest('hex');
