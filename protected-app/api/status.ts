import type { Handle } from '../shared/http.ts';

/** `GET /status`: says that the API is there, and which one; nothing about what is behind it. */
export const status =
  ({ version, now }: { readonly version: string; readonly now: () => number }): Handle =>
  async () => ({
    status: 200,
    body: { status: 'ok', version, time: new Date(now()).toISOString() },
  });
