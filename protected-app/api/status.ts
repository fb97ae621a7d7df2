import type { RouteHandler } from '../shared/http.ts';

/** `GET /status`: says that the API runs, and its version; nothing about what is behind it. */
export const status =
  ({ version, now }: { readonly version: string; readonly now: () => number }): RouteHandler =>
  async () => ({
    status: 200,
    body: { status: 'ok', version, time: new Date(now()).toISOString() },
  });
