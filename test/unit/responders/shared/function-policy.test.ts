import { describe, expect, it } from 'vitest';
import { invokersIn, routesIn } from '../../../../responders/shared/function-policy.ts';
import fc from '../../../support/property.ts';

const statement = (arn: string | string[], over: object = {}) => ({
  Effect: 'Allow',
  Principal: { Service: 'apigateway.amazonaws.com' },
  Action: 'lambda:InvokeFunction',
  Resource: '*',
  Condition: { ArnLike: { 'AWS:SourceArn': arn } },
  ...over,
});
const policy = (...statements: object[]) =>
  JSON.stringify({ Version: '2012-10-17', Statement: statements });
const api = 'arn:aws:execute-api:us-east-1:111122223333:a1b2c3';

describe('the routes that end in a function', () => {
  it('are read from the policy that says who may call it, each once', () => {
    const routes = routesIn(
      policy(
        statement(`${api}/prod/PUT/products/*`),
        statement([`${api}/prod/POST/products`, `${api}/blue/POST/products`]),
        statement(`${api}/test-invoke-stage/POST/products`),
        statement(`${api}/prod/*/`),
      ),
    );
    expect(routes).toEqual(['POST /products', 'PUT /products/*', 'every method of /']);
  });

  it('are none where another service calls, where calls are denied, and where the policy says nothing readable', () => {
    const nothing = [
      policy(statement('arn:aws:events:us-east-1:111122223333:rule/hourly')),
      policy(statement(`${api}/prod/POST/products`, { Effect: 'Deny' })),
      '{',
      '',
    ];
    expect(nothing.flatMap(routesIn)).toEqual([]);
  });

  it('never throw, whatever was stored', () => {
    fc.assert(
      fc.property(fc.anything(), (answer) => {
        const text = JSON.stringify(answer) ?? '';
        routesIn(text);
        invokersIn(text);
      }),
    );
  });
});

it('other callers are named by service and resource, or by principal', () => {
  const of = (Principal: unknown, arn?: string) =>
    statement(arn ?? '', { Principal, ...(arn ? {} : { Condition: undefined }) });
  expect(
    invokersIn(
      policy(
        of({ Service: 'events.amazonaws.com' }, 'arn:aws:events:us-east-1:1:rule/hourly'),
        of({ Service: 's3.amazonaws.com' }, 'arn:aws:s3:::uploads'),
        of({ AWS: 'arn:aws:iam::444455556666:root' }),
        of('*'),
        statement(`${api}/prod/POST/products`),
        statement(`${api}/test-invoke-stage/POST/products`),
      ),
    ),
  ).toEqual(['anybody', 'arn:aws:iam::444455556666:root', 'events rule/hourly', 's3 uploads']);
});
