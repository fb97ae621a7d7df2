/** A secret or an answer named a host that may not be called. */
export class ForbiddenHostError extends Error {
  override readonly name = 'ForbiddenHostError';
}

/**
 * The hosts that may be called. `loopback` adds this machine, for a function that runs on a local
 * engine.
 */
export interface AllowedHosts {
  readonly hosts: RegExp;
  readonly loopback: boolean;
}

/** Whether an address is on this machine. Only numbers count: a name may resolve to anything. */
export const isLoopback = (address: string): boolean => {
  const url = URL.parse(address);
  return (
    url !== null &&
    ['http:', 'https:'].includes(url.protocol) &&
    ['127.0.0.1', '[::1]'].includes(url.hostname)
  );
};

const hasNoCredentials = ({ username, password }: URL): boolean =>
  username === '' && password === '';

/**
 * Parses an address from a secret or from an answer, and throws if it may not be called. The error
 * leaves out the path and the user, which may hold credentials.
 */
export const parseAllowedUrl = (address: string, { hosts, loopback }: AllowedHosts): URL => {
  const url = URL.parse(address);
  if (url === null) throw new ForbiddenHostError('an address to call is not a URL');
  const isAllowedHost = url.protocol === 'https:' && url.port === '' && hosts.test(url.hostname);
  if (hasNoCredentials(url) && (isAllowedHost || (loopback && isLoopback(address)))) return url;
  throw new ForbiddenHostError(
    `${url.protocol}//${url.host.slice(0, 100)} is not a host that may be called`,
  );
};
