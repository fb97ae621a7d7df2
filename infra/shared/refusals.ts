import {
  administratorsOnly,
  internalError,
  jsonOnly,
  noAccessToken,
  noSuchRoute,
  stoppedType,
  titleOf,
} from '../../protected-app/shared/problem.ts';

/**
 * A refusal by the gateway or the firewall, before or after any function: the same shape as the
 * functions' own (RFC 9457).
 */
export interface GatewayRefusal {
  readonly status: number;
  readonly title: string;
  readonly detail: string;
  /** Where a client has to tell it from others with the same status. */
  readonly type?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A refusal with the title that its status has everywhere. */
export const refusal = (
  status: number,
  detail: string,
  headers: Readonly<Record<string, string>> = {},
): GatewayRefusal => ({
  status,
  title: titleOf(status),
  detail,
  headers,
});

const noToken = refusal(401, noAccessToken);
const tooMany = refusal(
  429,
  'Too many requests. Send the request again after the seconds in Retry-After.',
  { 'Retry-After': '1' },
);
const noAnswer = refusal(
  504,
  'The request was not answered in time, but may have been processed. ' +
    'Check before you send it again.',
  { 'Retry-After': '5' },
);
const stopped: GatewayRefusal = {
  ...refusal(
    503,
    'This part of the application is stopped. Try again after the seconds in Retry-After.',
    { 'Retry-After': '60' },
  ),
  // The pages say so, and that everything else works.
  type: stoppedType,
};
const serverError = refusal(500, internalError);
const forbidden = refusal(403, 'You may not call this route.');
export const hostile = refusal(
  403,
  'The firewall refused the request because it looks like an attack. ' +
    'If it is not, ask for help and quote the request id.',
);
const noRoute = refusal(404, noSuchRoute);
const badRequest = refusal(400, 'The request is malformed.');

/** By the names that API Gateway has for its reasons. */
export const refusals: Readonly<Record<string, GatewayRefusal>> = {
  // Only the authorizer of the administrators' routes denies.
  ACCESS_DENIED: refusal(403, administratorsOnly),
  API_CONFIGURATION_ERROR: serverError,
  AUTHORIZER_CONFIGURATION_ERROR: serverError,
  AUTHORIZER_FAILURE: serverError,
  BAD_REQUEST_BODY: { ...badRequest, detail: 'The body must be a JSON object.' },
  BAD_REQUEST_PARAMETERS: badRequest,
  DEFAULT_4XX: badRequest,
  DEFAULT_5XX: serverError,
  // A request signed for AWS carries none of our tokens, whatever is wrong with its signature.
  EXPIRED_TOKEN: noToken,
  // Above all a function that Cordon holds: it is throttled to nothing until it is released.
  INTEGRATION_FAILURE: stopped,
  INTEGRATION_TIMEOUT: noAnswer,
  INVALID_API_KEY: forbidden,
  INVALID_SIGNATURE: noToken,
  // The name that the gateway has for a path or method that does not exist.
  MISSING_AUTHENTICATION_TOKEN: noRoute,
  QUOTA_EXCEEDED: refusal(429, 'The quota of this API key is used up for today.', {
    'Retry-After': '3600',
  }),
  REQUEST_TOO_LARGE: refusal(413, 'A request may have at most 10 MB.'),
  RESOURCE_NOT_FOUND: noRoute,
  THROTTLED: tooMany,
  UNAUTHORIZED: noToken,
  UNSUPPORTED_MEDIA_TYPE: refusal(415, jsonOnly),
  WAF_FILTERED: hostile,
};

/** What the gateway puts into the body; only the id of the request is not known before. */
export const template = (
  { status, title, detail, type = 'about:blank' }: GatewayRefusal,
  requestId = '$context.requestId',
): string => JSON.stringify({ type, title, status, detail, requestId });
