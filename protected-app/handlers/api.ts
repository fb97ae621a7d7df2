import { callerReader } from '../shared/access-token.ts';
import { type RouteHandler, serve } from '../shared/http.ts';
import { apiOptions } from './audit.ts';
import { userPool } from './user-pool.ts';

/** The handler of a function for people who are signed in; it verifies their tokens itself. */
export const api = (routes: Readonly<Record<string, RouteHandler>>) =>
  serve(routes, { ...apiOptions(), readCaller: callerReader(userPool()) });
