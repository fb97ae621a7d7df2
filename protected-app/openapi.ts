import { fieldsOf, refTo, schemas } from './openapi-schemas.ts';
import { needsBody, type Reply, type Route, routes } from './routes.ts';
import { problem } from './schemas/problem.ts';

/** What every route may answer besides its own problems, and what each status means. */
const problems: Readonly<Record<number, string>> = {
  400: 'The request is not what this route takes; `errors` names the fields.',
  401: 'No access token, or one that is expired or not ours.',
  403: 'Signed in, but not allowed; or the firewall refused the request.',
  404: 'There is no such thing, or it is not yours to see.',
  409: 'It is in the way of something that is there.',
  412: 'It was changed since you have read it.',
  413: 'The body is too large.',
  422: 'It is well formed, and cannot be done.',
  428: 'If-Match is missing.',
  429: 'Too many requests. Wait as long as Retry-After says.',
  500: 'Our mistake.',
  503: 'Too much at once, or this part does not run just now. Wait as long as Retry-After says.',
  504: 'The answer took too long. It may have been done all the same.',
};

const waits = new Set(['429', '503', '504']);

const header = (description: string) => ({ description, schema: { type: 'string' } });
const headers = (all: Readonly<Record<string, string>>) =>
  Object.fromEntries(Object.entries(all).map(([name, description]) => [name, header(description)]));

const problemResponses = () =>
  Object.fromEntries(
    Object.entries(problems).map(([status, description]) => [
      `Problem${status}`,
      {
        description,
        ...(waits.has(status) && {
          headers: headers({ 'Retry-After': 'Seconds until trying again makes sense.' }),
        }),
        content: { 'application/problem+json': { schema: refTo(problem) } },
      },
    ]),
  );

/** The problems of a route: its own, and those of the gateway and the firewall before it. */
export const problemsOf = ({ who, body, problems: own }: Route): readonly number[] => {
  const everywhere = [
    403,
    413,
    429,
    500,
    503,
    504,
    ...(who === 'everybody' ? [] : [401]),
    ...(body ? [400] : []),
  ];
  return [...new Set([...own, ...everywhere])].sort((one, other) => one - other);
};

const reply = ({ description, body, headers: sent }: Reply) => ({
  description,
  ...(sent && { headers: headers(sent) }),
  ...(body && { content: { 'application/json': { schema: refTo(body) } } }),
});

/** Headers that a route demands; all others are a choice. */
const demanded = new Set(['If-Match']);

const parametersOf = ({ path, query, headers: asked = {} }: Route) => [
  ...[...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => ({
    name,
    in: 'path',
    required: true,
    schema: { type: 'string' },
  })),
  ...(query
    ? fieldsOf(query).map(([name, schema]) => ({ name, in: 'query', required: false, schema }))
    : []),
  ...Object.entries(asked).map(([name, description]) => ({
    name,
    in: 'header',
    required: demanded.has(name),
    description,
    schema: { type: 'string' },
  })),
];

/** `PUT /products/{id}` → `putProductsById`: what a generated client calls it. */
export const operationId = ({ method, path }: Pick<Route, 'method' | 'path'>): string =>
  method.toLowerCase() +
  path
    .split('/')
    .filter((part) => part !== '')
    .map((part) =>
      part.replace(
        /^\{(\w)(\w*)\}$/,
        (_all, first: string, rest: string) => `By${first.toUpperCase()}${rest}`,
      ),
    )
    .map((part) => part.charAt(0).toUpperCase() + part.slice(1))
    .join('');

const operation = (route: Route) => ({
  operationId: operationId(route),
  tags: [route.path.split('/')[1]],
  summary: route.summary,
  ...(route.who === 'administrators' && { description: 'For administrators.' }),
  security: route.who === 'everybody' ? [] : [{ accessToken: [] }],
  parameters: parametersOf(route),
  ...(route.body && {
    requestBody: {
      required: needsBody(route),
      content: { 'application/json': { schema: refTo(route.body) } },
    },
  }),
  responses: Object.fromEntries([
    ...Object.entries(route.replies).map(([status, one]) => [status, reply(one)]),
    ...problemsOf(route).map((status) => [
      status,
      { $ref: `#/components/responses/Problem${status}` },
    ]),
  ]),
});

const paths = () => {
  const all: Record<string, Record<string, unknown>> = {};
  for (const route of routes)
    all[route.path] = { ...all[route.path], [route.method.toLowerCase()]: operation(route) };
  return all;
};

/**
 * The contract as an OpenAPI 3.1 document, made from the same routes and schemas that the API runs
 * on.
 */
export const openapi = () => ({
  openapi: '3.1.1',
  info: {
    title: 'The protected application',
    version: '1.0.0',
    description:
      'Products, customers, questions to a language model, and a copy of the customers of Salesforce. Every error is an RFC 9457 problem.',
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
    schemas: schemas(),
  },
});

/** As it lies in `openapi.json`. */
export const openapiText = (): string => `${JSON.stringify(openapi(), null, 2)}\n`;
