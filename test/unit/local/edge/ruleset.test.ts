import { expect, it } from 'vitest';
import { bytesOf, type Inspected } from '../../../../local/edge/inspected.ts';
import { readRuleset } from '../../../../local/edge/ruleset.ts';
import { aclWith, asked, blocking, origin, template } from '../../../support/local/edge/acl.ts';

const ours = readRuleset(template);
const text = (type: string, priority = 0) => ({ Type: type, Priority: priority });
const bytes = (search: string, field: object, ...types: string[]) => ({
  ByteMatchStatement: {
    SearchString: search,
    PositionalConstraint: 'CONTAINS',
    FieldToMatch: field,
    TextTransformations: types.map((type, index) => text(type, index)),
  },
});
const judgeOf = (statement: object, more: object = {}) => {
  const { judge, notJudged } = readRuleset(aclWith([blocking(statement)], { more }));
  expect(notJudged).toEqual([]);
  return (request: Partial<Inspected> = {}, now = 0) =>
    judge(asked(request), now).refusal !== undefined;
};

it('judges our four rules in the order of their priorities, and says that it cannot judge the managed ones', () => {
  expect(ours.judged).toEqual(['RequestRate', 'BodySize', 'SqlInjection', 'CrossSiteScripting']);
  expect(ours.notJudged.map(({ rule, because }) => `${rule}: ${because}`)).toEqual([
    'AWSManagedRulesAmazonIpReputationList: ManagedRuleGroupStatement',
    'AWSManagedRulesKnownBadInputsRuleSet: ManagedRuleGroupStatement',
    'AWSManagedRulesCommonRuleSet: ManagedRuleGroupStatement',
    'AWSManagedRulesSQLiRuleSet: ManagedRuleGroupStatement',
  ]);
  expect(ours.bodyBytes).toBe(32 * 1024);
});

it.each([
  [
    'a kind that it does not know',
    { GeoMatchStatement: { CountryCodes: ['XX'] } },
    'GeoMatchStatement',
  ],
  ['a kind that nobody knows yet', { QuantumMatchStatement: {} }, 'QuantumMatchStatement'],
  [
    'a kind deep inside others',
    {
      NotStatement: {
        Statement: {
          OrStatement: {
            Statements: [bytes('x', { Method: {} }, 'NONE'), { LabelMatchStatement: {} }],
          },
        },
      },
    },
    'LabelMatchStatement',
  ],
  [
    'two kinds at once',
    { ...bytes('x', { Method: {} }, 'NONE'), GeoMatchStatement: {} },
    'ByteMatchStatement',
  ],
  ['no statement', {}, 'a statement without a kind'],
  [
    'a part of the request',
    bytes('x', { JA3Fingerprint: {} }, 'NONE'),
    'the part JA3Fingerprint of a request',
  ],
  [
    'a transformation',
    bytes('x', { Method: {} }, 'NORMALIZE_PATH_WIN'),
    'the text transformation NORMALIZE_PATH_WIN',
  ],
  [
    'a rate by something else',
    { RateBasedStatement: { Limit: 10, AggregateKeyType: 'CUSTOM_KEYS' } },
    'a rate by CUSTOM_KEYS',
  ],
  [
    'a set from elsewhere',
    { IPSetReferenceStatement: { Arn: 'arn:aws:wafv2:us-east-1:0:regional/ipset/x' } },
    'a set that is not in the template',
  ],
  [
    'an expression of another dialect',
    { RegexMatchStatement: { RegexString: '(?<=a++)b', FieldToMatch: { Method: {} } } },
    'the regular expression (?<=a++)b',
  ],
])('lists a rule with %s as not judged, and never decides by it', (_, statement, because) => {
  const rules = readRuleset(aclWith([blocking(statement)]));
  expect(rules.judged).toEqual([]);
  expect(rules.notJudged).toEqual([{ rule: 'Rule', because }]);
  expect(rules.judge(asked(), 0)).toEqual({ refusal: undefined, rule: undefined, counted: [] });
});

it.each([{ Captcha: {} }, { Challenge: {} }])(
  'does not judge a rule with the action %o',
  (action) => {
    const rule = {
      Name: 'Rule',
      Priority: 0,
      Action: action,
      Statement: bytes('G', { Method: {} }, 'NONE'),
    };
    expect(readRuleset(aclWith([rule])).notJudged).toEqual([
      { rule: 'Rule', because: `the action ${Object.keys(action)[0]}` },
    ]);
  },
);

it('wants exactly one regional web ACL', () => {
  expect(() => readRuleset({ Resources: {} })).toThrow(
    'wanted one regional web ACL in the template, found 0',
  );
});

it('answers with the words, the status and the headers of the template', () => {
  const { refusal, rule } = ours.judge(asked({ query: 'q=1%27+or+1%3D1--' }), 0);
  expect(rule).toBe('SqlInjection');
  expect(refusal?.status).toBe(403);
  expect(refusal?.headers).toMatchObject({
    'content-type': 'application/json',
    'access-control-allow-origin': origin,
  });
  expect(JSON.parse(refusal?.body ?? '')).toMatchObject({
    type: 'about:blank',
    title: 'Not allowed',
    status: 403,
  });
});

it('fills in header values that only the deployment knows, and leaves out what it is not told', () => {
  const header = {
    Name: 'X-Origin',
    Value: { 'Fn::Join': ['', ['https://', { 'Fn::GetAtt': ['Door', 'DomainName'] }]] },
  };
  const action = { Block: { CustomResponse: { ResponseCode: 403, ResponseHeaders: [header] } } };
  const acl = aclWith([
    { Name: 'Rule', Priority: 0, Action: action, Statement: bytes('G', { Method: {} }, 'NONE') },
  ]);
  expect(
    readRuleset(acl, { 'Door.DomainName': 'd1.example' }).judge(asked(), 0).refusal?.headers[
      'x-origin'
    ],
  ).toBe('https://d1.example');
  expect(readRuleset(acl).judge(asked(), 0).refusal?.headers).not.toHaveProperty('x-origin');
});

it('goes by priority, stops at the first rule that allows or blocks, and counts on the way', () => {
  const rule = (name: string, priority: number, action: object) => ({
    Name: name,
    Priority: priority,
    Action: action,
    Statement: bytes('G', { Method: {} }, 'NONE'),
  });
  const { judge } = readRuleset(
    aclWith([
      rule('last', 9, { Block: {} }),
      rule('second', 2, { Allow: {} }),
      rule('first', 1, { Count: {} }),
    ]),
  );
  expect(judge(asked(), 0)).toEqual({ refusal: undefined, rule: 'second', counted: ['first'] });
});

it('blocks by default where the web ACL says so', () => {
  expect(
    readRuleset(aclWith([], { defaultAction: { Block: {} } })).judge(asked(), 0).refusal?.status,
  ).toBe(403);
});

it.each([
  [['URL_DECODE'], '%3cscript', '<script'],
  [['URL_DECODE', 'URL_DECODE'], '%253cscript', '<script'],
  [['URL_DECODE_UNI'], '%u003cscript', '<script'],
  [['HTML_ENTITY_DECODE'], '&#60;&#x73;cript &LT;', '<script <'],
  [['LOWERCASE'], 'ScRiPt', 'script'],
  [['COMPRESS_WHITE_SPACE'], 'a \t\r\n b', 'a b'],
  [['REMOVE_NULLS'], 'a\0b', 'ab'],
  [['REPLACE_COMMENTS'], 'un/* x */ion', 'un ion'],
  [['BASE64_DECODE'], 'c2VsZWN0', 'select'],
  [['SQL_HEX_DECODE'], 'x 0x73656c656374', 'select'],
  [['CMD_LINE'], 'C^at "/etc/passwd', 'cat/etc/passwd'],
])('applies %o as AWS documents it', (types, given, seen) => {
  expect(
    judgeOf(bytes(seen, { SingleHeader: { Name: 'X-Note' } }, ...types))({
      headers: [['x-note', given]],
    }),
  ).toBe(true);
  expect(
    judgeOf(bytes(seen, { SingleHeader: { Name: 'X-Note' } }, 'NONE'))({
      headers: [['x-note', given]],
    }),
  ).toBe(false);
});

it('looks at the part of the request that the rule names, and at no other', () => {
  const all = { MatchPattern: { All: {} }, MatchScope: 'ALL' };
  const places: [object, Partial<Inspected>][] = [
    [{ Body: {} }, { body: 'has needle' }],
    [{ JsonBody: { ...all } }, { body: '{"a":[1,{"b":"the needle"}]}' }],
    [{ JsonBody: { ...all } }, { body: '{"needle":1}' }],
    [{ QueryString: {} }, { query: 'a=needle' }],
    [{ AllQueryArguments: {} }, { query: 'needle=1' }],
    [{ SingleQueryArgument: { Name: 'Q' } }, { query: 'q=needle' }],
    [{ UriPath: {} }, { path: '/needle' }],
    [{ Method: {} }, { method: 'needle' }],
    [{ Headers: all }, { headers: [['needle', 'x']] }],
    [{ Cookies: all }, { headers: [['cookie', 'a=b; c=needle']] }],
    [
      { Headers: { ...all, MatchPattern: { IncludedHeaders: ['X-A'] } } },
      { headers: [['x-a', 'needle']] },
    ],
  ];
  for (const [field, request] of places) {
    const judge = judgeOf(bytes('needle', field, 'NONE'));
    expect(judge(request), JSON.stringify(field)).toBe(true);
    expect(
      judge({ headers: [['x-b', 'other']], query: 'r=other', body: '{"b":"other"}' }),
      JSON.stringify(field),
    ).toBe(false);
  }
  expect(
    judgeOf(bytes('needle', { JsonBody: { ...all, MatchScope: 'VALUE' } }, 'NONE'))({
      body: '{"needle":1}',
    }),
  ).toBe(false);
  expect(
    judgeOf(
      bytes('needle', { Headers: { ...all, MatchPattern: { ExcludedHeaders: ['X-A'] } } }, 'NONE'),
    )({ headers: [['x-a', 'needle']] }),
  ).toBe(false);
});

it.each([
  ['EVALUATE_AS_STRING', true, false],
  ['MATCH', true, true],
  ['NO_MATCH', false, false],
])('handles a body that is no JSON by %s', (behaviour, with_, without) => {
  const field = {
    JsonBody: { MatchPattern: { All: {} }, MatchScope: 'ALL', InvalidFallbackBehavior: behaviour },
  };
  const judge = judgeOf(bytes('needle', field, 'NONE'));
  expect([judge({ body: '{"a": needle' }), judge({ body: '{"a": hay' })]).toEqual([with_, without]);
});

it.each([
  ['MATCH', true],
  ['NO_MATCH', false],
  ['CONTINUE', true],
])('handles a body that is too long by %s', (handling, found) => {
  expect(
    judgeOf(bytes('needle', { Body: { OversizeHandling: handling } }, 'NONE'))({
      body: 'needle',
      oversize: true,
    }),
  ).toBe(found);
});

it('survives a body of brackets only', () => {
  expect(
    ours.judge(asked({ method: 'POST', body: `${'['.repeat(16_000)}${']'.repeat(16_000)}` }), 0)
      .refusal,
  ).toBeUndefined();
});

it.each([
  ['EXACTLY', 'shop', ['shop'], ['shops', 'x']],
  ['STARTS_WITH', 'shop', ['shops'], ['ashop']],
  ['ENDS_WITH', 'shop', ['ashop'], ['shops']],
  ['CONTAINS_WORD', 'shop', ['a shop.', 'shop-1'], ['workshop', 'shop_1']],
])('matches bytes %s', (position, search, yes, no) => {
  const judge = judgeOf({
    ByteMatchStatement: {
      SearchString: search,
      PositionalConstraint: position,
      FieldToMatch: { QueryString: {} },
      TextTransformations: [text('NONE')],
    },
  });
  expect(yes.map((query) => judge({ query }))).toEqual(yes.map(() => true));
  expect(no.map((query) => judge({ query }))).toEqual(no.map(() => false));
});

it('compares bytes, so that what was encoded matches what was written', () => {
  expect(judgeOf(bytes('é', { QueryString: {} }, 'URL_DECODE'))({ query: 'q=caf%C3%A9' })).toBe(
    true,
  );
  expect(
    judgeOf({
      SizeConstraintStatement: {
        ComparisonOperator: 'EQ',
        Size: 2,
        FieldToMatch: { Body: {} },
        TextTransformations: [text('NONE')],
      },
    })({ body: 'é' }),
  ).toBe(true);
  expect(bytesOf('é')).toHaveLength(2);
});

it('combines statements, and knows sets of addresses and of expressions', () => {
  const sets = {
    Set: {
      Type: 'AWS::WAFv2::IPSet',
      Properties: { Addresses: ['192.0.2.0/24', '2001:db8::/32'] },
    },
    Patterns: {
      Type: 'AWS::WAFv2::RegexPatternSet',
      Properties: { RegularExpressionList: ['^/admin', '(?i)\\.PHP$'] },
    },
  };
  const from = { IPSetReferenceStatement: { Arn: { 'Fn::GetAtt': ['Set', 'Arn'] } } };
  const to = {
    RegexPatternSetReferenceStatement: {
      Arn: { 'Fn::GetAtt': ['Patterns', 'Arn'] },
      FieldToMatch: { UriPath: {} },
      TextTransformations: [text('NONE')],
    },
  };
  const judge = judgeOf(
    { AndStatement: { Statements: [to, { NotStatement: { Statement: from } }] } },
    sets,
  );
  expect(judge({ path: '/admin', address: '198.51.100.9' })).toBe(true);
  expect(judge({ path: '/a.php', address: '2001:db9::1' })).toBe(true);
  expect(judge({ path: '/admin', address: '192.0.2.77' })).toBe(false);
  expect(judge({ path: '/admin', address: '2001:db8::1' })).toBe(false);
  expect(judge({ path: '/', address: '198.51.100.9' })).toBe(false);
});

it('counts the requests of an address over a window that slides', () => {
  const judge = judgeOf({
    RateBasedStatement: { Limit: 3, EvaluationWindowSec: 60, AggregateKeyType: 'IP' },
  });
  expect([0, 1, 2, 3].map((now) => judge({}, now))).toEqual([false, false, false, true]);
  expect(judge({ address: '192.0.2.2' }, 4)).toBe(false);
  expect([59_999, 60_001, 60_002, 60_004].map((now) => judge({}, now))).toEqual([
    true,
    true,
    true,
    true,
  ]);
  expect(judge({}, 120_005)).toBe(false);
});

it('counts only what a narrower statement lets through to it', () => {
  const judge = judgeOf({
    RateBasedStatement: {
      Limit: 1,
      AggregateKeyType: 'IP',
      ScopeDownStatement: bytes('POST', { Method: {} }, 'NONE'),
    },
  });
  expect(
    ['GET', 'GET', 'POST', 'GET', 'POST'].map((method, now) => judge({ method }, now)),
  ).toEqual([false, false, false, false, true]);
});
