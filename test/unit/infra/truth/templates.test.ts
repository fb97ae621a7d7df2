import { describe, expect, it } from 'vitest';
import { texts } from '../../../support/infra/shared.ts';
import { at, type Json } from '../../../support/infra/synthesised.ts';
import { keysOfIam, rules } from '../../../support/infra/truth.ts';

const templates: readonly Json[] = texts.map((text) => JSON.parse(text));

/** No service delivers to the folder of custody: only the function of the bucket writes there. */
const meant = /^Evidence(Drill)?BucketPolicy\w+: OnlyItsFunctionWritesCustody$/;

it('there are templates to look at', () => {
  expect(templates.length).toBeGreaterThan(3);
  for (const template of templates) expect(at(template, 'Resources')).toBeDefined();
});

describe('in every template', () => {
  it.each(rules.map(({ says, look }) => [says, look] as const))('%s', (_says, look) => {
    expect(templates.flatMap(look).filter((problem) => !meant.test(problem))).toEqual([]);
  });

  it('no key lets policies of IAM decide alone who uses it', () => {
    expect(templates.flatMap(keysOfIam)).toEqual([]);
  });
});
