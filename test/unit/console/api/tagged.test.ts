import { expect, it } from 'vitest';
import { tagged } from '../../../../console/api/tagged.ts';

const document = { state: 'contained' };
const tagOf = (given: object): string => tagged({ headers: {} }, given).headers?.ETag ?? '';

it('a document that has not changed is not sent again', () => {
  expect(tagged({ headers: {} }, document)).toMatchObject({ status: 200, body: document });
  for (const known of [tagOf(document), `W/${tagOf(document)}`, `"x", ${tagOf(document)}`])
    expect(tagged({ headers: { 'if-none-match': known } }, document)).toEqual({
      status: 304,
      headers: { ETag: tagOf(document) },
    });
});

it('a document that has changed is', () => {
  const headers = { 'if-none-match': tagOf(document) };
  expect(tagged({ headers }, { state: 'released' }).status).toBe(200);
});
