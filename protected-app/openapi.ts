import { bodyExamples, headerExamples, pathExamples } from './openapi-examples.ts';
import { problemResponses, problemsOf } from './openapi-problems.ts';
import { componentSchemas, parameterSchemas, refTo } from './openapi-schemas.ts';
import { needsBody, type Route, type RouteReply, routes } from './routes.ts';

const textHeaders = (descriptions: Readonly<Record<string, string>>) =>
  Object.fromEntries(
    Object.entries(descriptions).map(([name, description]) => [
      name,
      { description, schema: { type: 'string' } },
    ]),
  );

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
  'have 10,240 bytes together, and the body 32,768; an address may send 1,000 requests in a ' +
    'minute.',
  '',
  'Headers. `Authorization: Bearer <access token>` on every route but `GET /status`.',
  '`Content-Type: application/json` on every request with a body; another type is 415.',
  '`If-Match` with the ETag that you have read is demanded by `PUT /products/{id}`: without it the',
  'answer is 428, with an outdated one 412. `Idempotency-Key` makes it safe to repeat a POST.',
  'Wait as many seconds as `Retry-After` says before you repeat a 429 or 503. Where the firewall',
  'refuses, the id of the request is in the header `x-amzn-requestid`.',
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
  servers: [
    {
      url: 'https://{apiId}.execute-api.{region}.amazonaws.com/v1',
      description: 'On AWS: the output ApiUrl of the stack CordonProtectedApp.',
      variables: {
        apiId: { default: 'api-id', description: 'The id of the REST API.' },
        region: { default: 'us-east-1', description: 'The region of the deployment.' },
      },
    },
    {
      url: 'http://127.0.0.1:{port}/v1',
      description: 'A local run: the address that `npm start` or `npm run app` prints.',
      variables: { port: { default: '4570', description: 'The port of the edge.' } },
    },
  ],
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
          'The access token of Cognito (not the id token), with the scope ' +
          'aws.cognito.signin.user.admin.',
      },
    },
    responses: problemResponses(),
    schemas: componentSchemas(),
  },
});

/** The text of `openapi.json`. */
export const openapiText = (): string => `${JSON.stringify(openapi(), null, 2)}\n`;
