/**
 * A refusal by the gateway or the firewall, before or after any function: the same shape as the
 * functions' own (RFC 9457).
 */
export interface GatewayRefusal {
  readonly status: number;
  readonly title: string;
  readonly detail: string;
  readonly headers?: Readonly<Record<string, string>>;
}

const signIn: GatewayRefusal = {
  status: 401,
  title: 'Not signed in',
  detail: 'Sign in, and send the access token in the header Authorization.',
};
const busy: GatewayRefusal = {
  status: 429,
  title: 'Too many requests',
  detail: 'Wait a moment, then try again.',
  headers: { 'Retry-After': '1' },
};
const late: GatewayRefusal = {
  status: 504,
  title: 'No answer',
  detail: 'The answer took too long. Try again.',
  headers: { 'Retry-After': '5' },
};
const held: GatewayRefusal = {
  status: 503,
  title: 'Try again later',
  detail: 'This part of the application does not run at the moment.',
  headers: { 'Retry-After': '60' },
};
const ours: GatewayRefusal = {
  status: 500,
  title: 'Our mistake',
  detail:
    'Internal error. The request was not processed; try again, and quote the request id if it ' +
    'persists.',
};
const notAllowed: GatewayRefusal = {
  status: 403,
  title: 'Not allowed',
  detail: 'You may not do this.',
};
export const hostile: GatewayRefusal = {
  ...notAllowed,
  detail: 'The request looks like an attack. If it is none, send us its request id.',
};
const noRoute: GatewayRefusal = {
  status: 404,
  title: 'Not found',
  detail: 'There is no such route.',
};
const badRequest: GatewayRefusal = {
  status: 400,
  title: 'Bad request',
  detail: 'The request is not what this route takes.',
};

/** By the names that API Gateway has for its reasons. */
export const refusals: Readonly<Record<string, GatewayRefusal>> = {
  ACCESS_DENIED: notAllowed,
  API_CONFIGURATION_ERROR: ours,
  AUTHORIZER_CONFIGURATION_ERROR: ours,
  AUTHORIZER_FAILURE: ours,
  BAD_REQUEST_BODY: { ...badRequest, detail: 'The body is not a JSON object.' },
  BAD_REQUEST_PARAMETERS: badRequest,
  DEFAULT_4XX: badRequest,
  DEFAULT_5XX: ours,
  // A request signed for AWS carries none of our tokens, whatever is wrong with its signature.
  EXPIRED_TOKEN: signIn,
  // Above all a function that Cordon holds: it is throttled to nothing until it is released.
  INTEGRATION_FAILURE: held,
  INTEGRATION_TIMEOUT: late,
  INVALID_API_KEY: notAllowed,
  INVALID_SIGNATURE: signIn,
  // The name that the gateway has for a path or method that does not exist.
  MISSING_AUTHENTICATION_TOKEN: noRoute,
  QUOTA_EXCEEDED: {
    ...busy,
    detail: 'The quota of this key is used up.',
    headers: { 'Retry-After': '3600' },
  },
  REQUEST_TOO_LARGE: { status: 413, title: 'Too large', detail: 'A request may have 10 MB.' },
  RESOURCE_NOT_FOUND: noRoute,
  THROTTLED: busy,
  UNAUTHORIZED: signIn,
  UNSUPPORTED_MEDIA_TYPE: { status: 415, title: 'Wrong media type', detail: 'Send JSON.' },
  WAF_FILTERED: hostile,
};

/** What the gateway puts into the body; only the id of the request is not known before. */
export const template = (
  { status, title, detail }: GatewayRefusal,
  requestId = '$context.requestId',
): string => JSON.stringify({ type: 'about:blank', title, status, detail, requestId });
