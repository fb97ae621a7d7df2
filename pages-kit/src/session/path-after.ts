import { site } from '../site.ts';

/** The address after the sign-in: a page of this site, whatever the link said. */
export const pathAfter = (given: unknown): string =>
  typeof given === 'string' && /^\/(?![/\\])/.test(given) && !given.startsWith('/sign-in')
    ? given
    : site().home;
