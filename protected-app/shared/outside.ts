/** A host that we were told to call and do not call. */
export class ForbiddenHostError extends Error {
  override readonly name = 'ForbiddenHostError';
}

/**
 * Which hosts may be called. `loopback`: also this machine, which is right only where the function
 * itself runs on a local engine.
 */
export interface Outside {
  readonly hosts: RegExp;
  readonly loopback: boolean;
}

/** Whether an address is of this machine, by number: a name could be made to mean anything. */
export const isLoopback = (address: string): boolean => {
  const url = URL.parse(address);
  return (
    url !== null &&
    ['http:', 'https:'].includes(url.protocol) &&
    ['127.0.0.1', '[::1]'].includes(url.hostname)
  );
};

const plain = ({ username, password }: URL): boolean => username === '' && password === '';

/**
 * Judges an address that came from outside: from a secret, or from an answer. What is refused is
 * not repeated in full, because it may hold credentials.
 */
export const allowedUrl = (address: string, { hosts, loopback }: Outside): URL => {
  const url = URL.parse(address);
  if (url === null) throw new ForbiddenHostError('an address to call is not a URL');
  const known = url.protocol === 'https:' && url.port === '' && hosts.test(url.hostname);
  if (plain(url) && (known || (loopback && isLoopback(address)))) return url;
  throw new ForbiddenHostError(
    `${url.protocol}//${url.host.slice(0, 100)} is not a host that may be called`,
  );
};
