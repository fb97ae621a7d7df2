/**
 * A refusal by the gateway or the firewall, before or after any function: the same shape as the
 * functions' own (RFC 9457).
 */
export interface Refusal {
  readonly status: number;
  readonly title: string;
  readonly detail: string;
  readonly headers?: Readonly<Record<string, string>>;
}

const signIn: Refusal = {
  status: 401,
  title: 'Not signed in',
  detail: 'Sign in, and send the access token in the header Authorization.',
};
const busy: Refusal = {
  status: 429,
  title: 'Too many requests',
  detail: 'Wait a moment, then try again.',
  headers: { 'Retry-After': '1' },
};
const late: Refusal = {
  status: 504,
  title: 'No answer',
  detail: 'The answer took too long. Try again.',
  headers: { 'Retry-After': '5' },
};
const held: Refusal = {
  status: 503,
  title: 'Try again later',
  detail: 'This part of the application does not run at the moment.',
  headers: { 'Retry-After': '60' },
};
const ours: Refusal = {
  status: 500,
  title: 'Our mistake',
  detail: 'Something went wrong here. Nothing that you can do better.',
};
const notAllowed: Refusal = { status: 403, title: 'Not allowed', detail: 'You may not do this.' };
export const hostile: Refusal = {
  ...notAllowed,
  detail: 'The request looks like an attack. If it is none, send us its request id.',
};
const noRoute: Refusal = { status: 404, title: 'Not found', detail: 'There is no such route.' };
const badRequest: Refusal = {
  status: 400,
  title: 'Bad request',
  detail: 'The request is not what this route takes.',
};

/** By the names that API Gateway has for its reasons. */
export const refusals: Readonly<Record<string, Refusal>> = {
  ACCESS_DENIED: notAllowed,
  API_CONFIGURATION_ERROR: ours,
  AUTHORIZER_CONFIGURATION_ERROR: ours,
  AUTHORIZER_FAILURE: ours,
  BAD_REQUEST_BODY: { ...badRequest, detail: 'The body is not a JSON object.' },
  BAD_REQUEST_PARAMETERS: badRequest,
  DEFAULT_4XX: badRequest,
  DEFAULT_5XX: ours,
  // What is sent as a signature of AWS is no token of ours, whatever is wrong with it.
  EXPIRED_TOKEN: signIn,
  // Above all a function that Cordon holds: it is throttled to nothing until somebody releases it.
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
  { status, title, detail }: Refusal,
  requestId = '$context.requestId',
): string => JSON.stringify({ type: 'about:blank', title, status, detail, requestId });
