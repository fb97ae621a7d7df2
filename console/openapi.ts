import * as z from 'zod';
import { problem } from '../protected-app/schemas/problem.ts';
import { type ConsoleRoute, consoleRoutes } from './routes.ts';
import { incidentPath } from './schemas/requests.ts';

/** What each status means, on whatever route it is answered. */
const meanings: Readonly<Record<number, string>> = {
  400: 'The request is malformed or invalid; `errors` names the fields.',
  401: 'No access token, or one that is expired or of another user pool.',
  403: 'Signed in, but not in a group that may; or the sign-in is too old to decide.',
  404: 'There is no such incident, or no such part of it yet.',
  409: 'Not as it was shown: read again. An answer to a changed question carries `question`.',
  413: 'The request is too long, or what it asks for is too long to show.',
  415: 'The body is not `application/json`.',
  429: 'Too many requests. Wait as long as `Retry-After` says.',
  500: 'Internal error. Quote the request id if it persists.',
  503: 'Too busy. Wait as long as `Retry-After` says.',
  504: 'No answer in time. The request may have been processed: read before you repeat it.',
};

/** The gateway and every function give these. */
const everywhere = [400, 401, 403, 413, 429, 500, 503, 504];

/** The problems of a route: its own, and those of the gateway before it. */
export const problemsOfRoute = ({ problems, body }: ConsoleRoute): readonly number[] =>
  [...new Set([...problems, ...everywhere, ...(body ? [415] : [])])].sort(
    (left, right) => left - right,
  );

const schemaOf = (schema: z.ZodType, io: 'input' | 'output'): unknown => {
  const { $schema: _dialect, ...json } = z.toJSONSchema(schema, { io });
  return json;
};

const json = (schema: z.ZodType, io: 'input' | 'output') => ({
  'application/json': { schema: schemaOf(schema, io) },
});

const parameters = (schema: z.ZodObject, where: 'path' | 'query') =>
  Object.entries(z.toJSONSchema(schema, { io: 'input' }).properties ?? {}).map(
    ([name, property]) => ({ name, in: where, required: where === 'path', schema: property }),
  );

/** `GET /incidents/{id}/question` → `getIncidentsByIdQuestion`: the name in a generated client. */
export const operationName = ({ method, path }: Pick<ConsoleRoute, 'method' | 'path'>): string =>
  method.toLowerCase() +
  path
    .split(/[/-]/)
    .filter((segment) => segment !== '')
    .map((segment) => segment.replace(/^\{(\w+)\}$/, 'by-$1'))
    .flatMap((segment) => segment.split('-'))
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('');

const tagHeader = {
  ETag: { description: 'Send it as If-None-Match to ask for changes.', schema: { type: 'string' } },
};

const repliesOf = (route: ConsoleRoute) => ({
  200: {
    description: 'As asked',
    ...(route.tagged && { headers: tagHeader }),
    content: json(route.reply, 'output'),
  },
  ...(route.decides && {
    202: {
      description: 'Taken; what it leads to takes longer. Read the incident.',
      content: json(z.object({ incidentId: z.string(), taken: z.literal(true) }), 'output'),
    },
  }),
  ...(route.tagged && { 304: { description: 'As it was.' } }),
});

const operation = (route: ConsoleRoute) => ({
  operationId: operationName(route),
  tags: [route.path.split('/')[1]],
  summary: route.summary,
  description:
    `For members of ${route.admits.join(', ')}.` +
    (route.decides ? ' Needs a sign-in of the last two minutes, and uses it up.' : ''),
  parameters: [
    ...(route.path.includes('{id}') ? parameters(incidentPath, 'path') : []),
    ...(route.query ? parameters(route.query, 'query') : []),
  ],
  ...(route.body && { requestBody: { required: true, content: json(route.body, 'input') } }),
  responses: {
    ...repliesOf(route),
    ...Object.fromEntries(
      problemsOfRoute(route).map((status) => [
        status,
        { $ref: `#/components/responses/Problem${status}` },
      ]),
    ),
  },
});

const paths = () => {
  const operations: Record<string, Record<string, unknown>> = {};
  for (const route of consoleRoutes)
    operations[route.path] = {
      ...operations[route.path],
      [route.method.toLowerCase()]: operation(route),
    };
  return operations;
};

/** The contract as an OpenAPI 3.1 document, made from the routes that the API runs on. */
export const consoleOpenapi = () => ({
  openapi: '3.1.1',
  info: {
    title: 'The incident console',
    version: '1.0.0',
    description:
      'Incidents, and decisions about them. Every error is an RFC 9457 problem with the id of ' +
      'the request. Texts of findings are masked and printable, as in mails.',
    license: { name: 'MIT', identifier: 'MIT' },
  },
  servers: [
    {
      url: 'https://{apiId}.execute-api.{region}.amazonaws.com/v1',
      description: 'On AWS: the output ConsoleApiUrl of the stack CordonConsole.',
      variables: {
        apiId: { default: 'api-id', description: 'The id of the REST API.' },
        region: { default: 'us-east-1', description: 'The region of the deployment.' },
      },
    },
  ],
  security: [{ accessToken: [] }],
  tags: [...new Set(consoleRoutes.map(({ path }) => path.split('/')[1]))].map((name) => ({ name })),
  paths: paths(),
  components: {
    securitySchemes: {
      accessToken: {
        type: 'http',
        scheme: 'bearer',
        bearerFormat: 'JWT',
        description: 'The access token of the user pool of the console (not the id token).',
      },
    },
    responses: Object.fromEntries(
      Object.entries(meanings).map(([status, description]) => [
        `Problem${status}`,
        {
          description,
          content: {
            'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } },
          },
        },
      ]),
    ),
    schemas: { Problem: schemaOf(problem, 'output') },
  },
});

/** The text of `console/openapi.json`. */
export const consoleOpenapiText = (): string => `${JSON.stringify(consoleOpenapi(), null, 2)}\n`;
