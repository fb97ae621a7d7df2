import * as z from 'zod';
import { problem } from '../../schemas/problem.ts';
import { titleOf } from '../../shared/problem.ts';
import { auditRouteEntries } from './routes.ts';

const jsonSchema = (schema: z.ZodType): Readonly<Record<string, unknown>> => {
  const { $schema: _draft, ...document } = z.toJSONSchema(schema, { io: 'input' });
  return document;
};

const parametersIn = (place: 'path' | 'query', schema: z.ZodObject | undefined) =>
  Object.entries(schema?.shape ?? {}).map(([name, parameter]) => ({
    name,
    in: place,
    required: place === 'path',
    schema: jsonSchema(z.instanceof(z.ZodType).parse(parameter)),
  }));

/** `/events/{id}` → `getEventsId`: what a generated client calls it. */
const operationIdOf = (path: string): string =>
  `get${(path.match(/\w+/g) ?? [])
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('')}`;

const problemReply = (status: number) => [
  String(status),
  {
    description: titleOf(status),
    content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
  },
];

const everyProblem = [400, 403, 429, 500, 503, 504];

/** The contract as an OpenAPI 3.1 document, made from the routes that the API runs on. */
export const auditOpenapi = () => ({
  openapi: '3.1.1',
  info: {
    title: 'The audit',
    version: '1.0.0',
    description:
      'Reads audit events and their seals. Every request is signed for the service execute-api ' +
      'with keys of a principal that audit.readers names; it sees the events of the systems that ' +
      'are named there, and no others. Every error is an RFC 9457 problem.',
    license: { name: 'MIT', identifier: 'MIT' },
  },
  servers: [
    {
      url: 'https://{apiId}.execute-api.{region}.amazonaws.com/v1',
      description: 'The output AuditApiUrl of the stack CordonAudit.',
      variables: { apiId: { default: 'api-id' }, region: { default: 'us-east-1' } },
    },
  ],
  security: [{ signature: [] }],
  paths: Object.fromEntries(
    auditRouteEntries.map(([, { path, summary, pathParameters, query, reply, problems = [] }]) => [
      path,
      {
        get: {
          operationId: operationIdOf(path),
          summary,
          parameters: [...parametersIn('path', pathParameters), ...parametersIn('query', query)],
          responses: Object.fromEntries([
            [
              '200',
              {
                description: 'What was asked for.',
                content: { 'application/json': { schema: jsonSchema(reply) } },
              },
            ],
            ...[...everyProblem, ...problems].sort().map(problemReply),
          ]),
        },
      },
    ]),
  ),
  components: {
    securitySchemes: {
      signature: {
        type: 'apiKey',
        name: 'Authorization',
        in: 'header',
        description: 'AWS Signature Version 4 for the service execute-api.',
        'x-amazon-apigateway-authtype': 'awsSigv4',
      },
    },
    schemas: { Problem: jsonSchema(problem) },
  },
});

/** The text of `openapi.json`. */
export const auditOpenapiText = (): string => `${JSON.stringify(auditOpenapi(), null, 2)}\n`;
