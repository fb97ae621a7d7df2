import type { paths } from '@contract';
import { send } from '@kit/api/call.ts';
import createClient, { type Client } from 'openapi-fetch';

/** The client of the contract; made when the configuration is known. */
export let api: Client<paths>;

export const setUpApi = (baseUrl: string): void => {
  api = createClient<paths>({ baseUrl, fetch: send });
};

type Json<Operation> = Operation extends {
  responses: { 200: { content: { 'application/json': infer Body } } };
}
  ? Body
  : never;

/** What a `GET` of a path answers. */
export type Reply<Path extends keyof paths> = Json<paths[Path]['get']>;
/** What a `POST` to a path answers. */
export type PostReply<Path extends keyof paths> = Json<paths[Path]['post']>;
