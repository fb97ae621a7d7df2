import { bodyExamples, headerExamples, pathExamples } from './openapi-examples.ts';
import { componentSchemas, parameterSchemas, refTo } from './openapi-schemas.ts';
import { needsBody, type Route, type RouteReply, routes } from './routes.ts';
import { problem } from './schemas/problem.ts';

interface ProblemFacts {
  readonly meaning: string;
  readonly retryAfter?: true;
  /** AWS WAF answers with it too, and WAF cannot send `application/problem+json`. */
  readonly fromFirewall?: true;
}

/** What each status means, on whatever route it is answered. */
const problems: Readonly<Record<number, ProblemFacts>> = {
  400: { meaning: 'The request is malformed or invalid; `errors` names the fields.' },
  401: { meaning: 'No access token, or one that is expired or of another user pool.' },
  403: {
    meaning: 'Signed in, but not allowed; or the firewall refused the request.',
    fromFirewall: true,
    retryAfter: true,
  },
  404: { meaning: 'No record has this id, or it is not yours to see.' },
  409: { meaning: 'The request conflicts with a record that exists.' },
  412: { meaning: 'The record was changed since you read it.' },
  413: { meaning: 'The body has more than 32,768 bytes.', fromFirewall: true },
  415: { meaning: 'The body is not `application/json`.' },
  422: { meaning: 'The body is valid, but names records with which it cannot be processed.' },
  428: { meaning: '`If-Match` is missing.' },
  429: { meaning: 'Too many requests. Wait as long as `Retry-After` says.', retryAfter: true },
  431: { meaning: 'The request line and the headers have more than 10,240 bytes together.' },
  500: { meaning: 'Internal error. Quote the request id if it persists.' },
  503: {
    meaning: 'Too busy, or this part is stopped. Wait as long as `Retry-After` says.',
    retryAfter: true,
  },
  504: {
    meaning: 'No answer in time. The request may have been processed all the same.',
    retryAfter: true,
  },
};

/** The gateway and the firewall give these on every route. */
const everywhere = [400, 403, 413, 429, 431, 500, 503, 504];

const textHeaders = (descriptions: Readonly<Record<string, string>>) =>
  Object.fromEntries(
    Object.entries(descriptions).map(([name, description]) => [
      name,
      { description, schema: { type: 'string' } },
    ]),
  );

const retryAfter = {
  description: 'Seconds until trying again makes sense.',
  schema: { type: 'integer', minimum: 0 },
};

const problemResponses = () =>
  Object.fromEntries(
    Object.entries(problems).map(([status, { meaning, retryAfter: waits, fromFirewall }]) => [
      `Problem${status}`,
      {
        description: meaning,
        ...(waits && { headers: { 'Retry-After': retryAfter } }),
        content: {
          'application/problem+json': { schema: refTo(problem) },
          ...(fromFirewall && { 'application/json': { schema: refTo(problem) } }),
        },
      },
    ]),
  );

/** The problems of a route: its own, and those of the gateway and the firewall before it. */
export const problemsOf = ({ audience, body, problems: own }: Route): readonly number[] => {
  const byKind = [...(audience === 'everybody' ? [] : [401]), ...(body ? [415] : [])];
  return [...new Set([...own, ...everywhere, ...byKind])].sort((left, right) => left - right);
};

const replyResponse = ({ description, body, headers }: RouteReply) => ({
  description,
  ...(headers && { headers: textHeaders(headers) }),
  ...(body && { content: { 'application/json': { schema: refTo(body) } } }),
});

/** Headers that a route demands; all others are optional. */
const requiredHeaders = new Set(['If-Match']);

const nameOf = ({ method, path }: Route): string => `${method} ${path}`;

const exampleOf = (example: unknown) => (example === undefined ? {} : { example });

const parametersOf = (route: Route) => [
  ...(route.pathParameters
    ? parameterSchemas(route.pathParameters.shape).map(([name, schema]) => ({
        name,
        in: 'path',
        required: true,
        schema,
        ...exampleOf(pathExamples[nameOf(route)]),
      }))
    : []),
  ...(route.query
    ? parameterSchemas(route.query.shape).map(([name, schema]) => ({
        name,
        in: 'query',
        required: false,
        schema,
      }))
    : []),
  ...parameterSchemas(route.headers ?? {}).map(([name, schema]) => ({
    name,
    in: 'header',
    required: requiredHeaders.has(name),
    schema,
    ...exampleOf(headerExamples[name]),
  })),
];

/** `PUT /products/{id}` → `putProductsById`: what a generated client calls it. */
export const operationId = ({ method, path }: Pick<Route, 'method' | 'path'>): string =>
  method.toLowerCase() +
  path
    .split('/')
    .filter((segment) => segment !== '')
    .map((segment) =>
      segment.replace(/^\{(\w+)\}$/, (_match, name: string) => `By${capital(name)}`),
    )
    .map(capital)
    .join('');

const capital = (word: string): string => word.charAt(0).toUpperCase() + word.slice(1);

const operation = (route: Route) => ({
  operationId: operationId(route),
  tags: [route.path.split('/')[1]],
  summary: route.summary,
  ...(route.audience === 'administrators' && { description: 'For administrators.' }),
  security: route.audience === 'everybody' ? [] : [{ accessToken: [] }],
  parameters: parametersOf(route),
  ...(route.body && {
    requestBody: {
      required: needsBody(route),
      content: {
        'application/json': {
          schema: refTo(route.body),
          ...exampleOf(bodyExamples[nameOf(route)]),
        },
      },
    },
  }),
  responses: Object.fromEntries([
    ...Object.entries(route.replies).map(([status, reply]) => [status, replyResponse(reply)]),
    ...problemsOf(route).map((status) => [
      status,
      { $ref: `#/components/responses/Problem${status}` },
    ]),
  ]),
});

const paths = () => {
  const operations: Record<string, Record<string, unknown>> = {};
  for (const route of routes)
    operations[route.path] = {
      ...operations[route.path],
      [route.method.toLowerCase()]: operation(route),
    };
  return operations;
};

const description = [
  'Products, customers, questions to a language model, and a copy of the customers of Salesforce.',
  '',
  'Every error is an RFC 9457 problem with the id of the request. A path that is not listed here,',
  'and a method that a listed path does not have, are 404. The request line and the headers may',
  'have 10,240 bytes together, and the body 32,768; an address may send 1,000 requests in a minute.',
].join('\n');

/**
 * The contract as an OpenAPI 3.1 document, made from the routes and schemas that the API runs on.
 */
export const openapi = () => ({
  openapi: '3.1.1',
  info: {
    title: 'The protected application',
    version: '1.0.0',
    description,
    license: { name: 'MIT', identifier: 'MIT' },
  },
  servers: [{ url: '/', description: 'The address that the deployment prints.' }],
  security: [{ accessToken: [] }],
  tags: [...new Set(routes.map(({ path }) => path.split('/')[1]))].map((name) => ({ name })),
  paths: paths(),
  components: {
    securitySchemes: {
      accessToken: {
        type: 'http',
        scheme: 'bearer',
        bearerFormat: 'JWT',
        description:
          'The access token of Cognito (not the id token), with the scope aws.cognito.signin.user.admin.',
      },
    },
    responses: problemResponses(),
    schemas: componentSchemas(),
  },
});

/** The text of `openapi.json`. */
export const openapiText = (): string => `${JSON.stringify(openapi(), null, 2)}\n`;
