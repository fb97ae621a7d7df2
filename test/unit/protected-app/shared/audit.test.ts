import { expect, it } from 'vitest';
import { auditEvent } from '../../../../protected-app/audit/schemas/event.ts';
import { type AuditFacts, auditWriter } from '../../../../protected-app/shared/audit.ts';
import { factsOfRequest } from '../../../../protected-app/shared/audit-request.ts';
import fc from '../../../support/property.ts';

interface Published {
  readonly messages: string[];
  readonly logged: unknown[];
}

const writerTo = ({ messages, logged }: Published, fails = false) =>
  auditWriter({
    system: 'protected-app',
    functionName: 'ProductService',
    publish: async (message) => {
      if (fails) throw new Error('SNS is away');
      messages.push(message);
    },
    now: Date.now,
    newId: () => '5d2c6f0e-8f59-4f4c-9f2c-0a3c1b1f3a11',
    log: { error: (...line: unknown[]) => logged.push(line) },
  });

const facts: AuditFacts = {
  actor: { kind: 'person', id: 'user@example.com', address: '203.0.113.9' },
  action: 'products.create',
  subject: { kind: 'products', id: '42' },
  outcome: 'succeeded',
  correlationId: 'request-1',
};

it('publishes what the schema takes', async () => {
  const published = { messages: [], logged: [] };

  await writerTo(published)(facts);

  expect(published.messages.map((text) => auditEvent.parse(JSON.parse(text)))).toMatchObject([
    { ...facts, producer: { system: 'protected-app', function: 'ProductService' } },
  ]);
});

it('puts the whole event into the log where it cannot be published, and never fails', async () => {
  const published: Published = { messages: [], logged: [] };

  await writerTo(published, true)(facts);

  expect(published.logged).toMatchObject([
    ['an audit event was not published', { auditEvent: facts }],
  ]);
});

it('makes an event of whatever a hostile request holds', async () => {
  const hostile = fc.string({ unit: 'binary', maxLength: 700 });
  const cases = fc.record({
    sub: fc.option(hostile),
    id: fc.option(hostile),
    method: fc.constantFrom('GET', 'POST', 'PUT', 'DELETE'),
    resource: fc.constantFrom('/products', '/products/{id}', '/ai/query/{id}', '/', '/{proxy+}'),
    address: hostile,
    detail: hostile,
    requestId: hostile,
    status: fc.constantFrom(200, 201, 204, 400, 403, 500, 503),
  });
  await fc.assert(
    fc.asyncProperty(cases, async (given) => {
      const published: Published = { messages: [], logged: [] };

      await writerTo(published)(
        factsOfRequest({
          event: {
            httpMethod: given.method,
            resource: given.resource,
            pathParameters: given.id === null ? null : { id: given.id },
            requestContext: {
              requestId: given.requestId,
              identity: { sourceIp: given.address },
            },
          },
          caller: given.sub === null ? undefined : { sub: given.sub },
          status: given.status,
          headers: {},
          body: JSON.stringify({ detail: given.detail }),
        }),
      );

      const [message = ''] = published.messages;
      expect(auditEvent.safeParse(JSON.parse(message)).error?.issues).toBeUndefined();
    }),
  );
});
