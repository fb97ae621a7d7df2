import * as z from 'zod';
import { OptionError, readOptions } from '../../infra/options.ts';
import { CordonError } from '../../operator/errors.ts';
import { decisionKinds } from '../../responders/incident/incident.ts';

const tags = z.record(z.string(), z.string());

const facts = z.strictObject({
  arns: z.array(z.string()),
  /** The tags of each of the ARNs, in the same order. */
  tags: z.array(tags).default([]),
  /** Tags that were set since the activity began, as `arn key`. */
  youngTags: z.array(z.tuple([z.string(), z.string()])).default([]),
  contradiction: z.string().nullable().default(null),
  asks: z.string().optional(),
  proof: z.string().default('the role is proven to belong to the function'),
  /** The workload does not exist any more. */
  missing: z.boolean().default(false),
  recentContainments: z.int().min(0).default(0),
});

const policyCase = z.strictObject({
  name: z.string().min(1),
  /** Options instead of those of the configuration. */
  config: z.record(z.string(), z.unknown()).optional(),
  now: z.iso.datetime({ offset: true }),
  drill: z.boolean().default(false),
  finding: z.unknown().refine((event) => event !== undefined, 'a finding'),
  /** Missing: the finding alone must decide. */
  facts: facts.optional(),
  expect: z.strictObject({
    kind: z.enum(decisionKinds),
    /** The last rule that was asked: the one that decided. */
    rule: z.string().optional(),
    /** A part of the reason. */
    reason: z.string().optional(),
    observed: z.boolean().default(false),
  }),
});

export type PolicyCase = z.output<typeof policyCase>;

/** Reads a case; the first mistake becomes a sentence that names the file. */
export const policyCaseIn = (given: unknown, file: string): PolicyCase => {
  try {
    return readOptions(policyCase, given, file);
  } catch (error) {
    if (error instanceof OptionError) throw new CordonError(error.message, { cause: error });
    throw error;
  }
};
