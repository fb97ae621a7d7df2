import table from '../responders/decide/finding-types.json' with { type: 'json' };
import { isLike } from '../responders/shared/patterns.ts';
import { pattern } from './finding-types.ts';
import { section, text } from './options.ts';
import { end } from './shared/moment.ts';

/** The name after the kind of the resource must say something: `role/*` would be every role. */
const someName = '(?=[^*\\s]*\\w)\\S+';

/** ARNs of roles, users and functions, which Cordon can contain. */
export const resourceArn = text(
  new RegExp(
    `^arn:(\\$\\{partition\\}|[\\w*-]+):` +
      `(iam::[^:]*:(role|user)/${someName}|lambda:[^:]*:[^:]*:function:${someName})$`,
  ),
  'the ARN of a role, user or function (* allowed, but not alone)',
);

/** A tag, as an entry of the configuration names it. */
export const tag = text(/^[^\s=][^=]*=.+$/, 'a tag such as team=payments');
const account = text(/^\d{12}$/, 'a 12-digit account id');
const because = text(/\S+\s+\S+/, 'a reason of at least two words');
const owner = text(/\S/, 'the person or team that has decided it');

/** A part of a scope that an entry may leave out. */
const scope = {
  arn: resourceArn.optional(),
  tag: tag.optional(),
  account: account.optional(),
};

interface Scope {
  readonly arn?: string | undefined;
  readonly tag?: string | undefined;
  readonly account?: string | undefined;
}

/**
 * What must never be contained. Entries of older configurations have no owner and no end: they
 * count, with a warning at synth, because an exemption that is lost contains a way back in.
 */
export const exemption = section({
  ...scope,
  because,
  owner: owner.optional(),
  until: end.optional(),
}).refine(
  ({ arn, tag: named, account: of }: Scope) => (arn ?? named ?? of) !== undefined,
  'an arn, a tag or an account',
);

const types = table.families.flatMap((family) => family.types);

/** A whole account, or every finding type of whatever there is. */
const isEverything = ({ type = '*', arn, tag: named }: Scope & { type?: string | undefined }) =>
  arn === undefined && named === undefined && types.every((known) => isLike(type, known));

/** Findings that are only recorded, by a decision of a person and for a time. */
export const suppression = section({
  type: pattern.optional(),
  ...scope,
  because,
  owner,
  until: end,
}).refine(
  (given) => !isEverything(given),
  'a type, an arn or a tag: a suppression of everything would make Cordon blind',
);
