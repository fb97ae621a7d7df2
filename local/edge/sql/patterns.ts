/** One form of SQL injection, as a pattern over the line that `tokens.ts` makes of a text. */
export interface Pattern {
  readonly name: string;
  readonly seen: RegExp;
}

/** An alternation of parts of a regular expression. */
const anyOf = (...parts: readonly string[]): string => `(?:${parts.join('|')})`;

const value =
  '(?:(?:[-+~!(]|not|binary|exists|all|any|distinct) )*' +
  anyOf(String.raw`1|'s'|@v|x(?: \. x)*|fn|evil|\( select`, 'case|if|cast|convert|user|catalogue');
/** A value that is not a bare name: honest texts contain names. */
const literal =
  '(?:(?:[-+~!(]|not|binary|exists) )*' +
  anyOf(
    String.raw`1|'s'|@v|fn|evil|\( select`,
    String.raw`case when|if \(|cast \(|convert \(|user \(`,
  );
const compare = anyOf(
  String.raw`=|<|>|<>|!=|<=|>=|<=>|\^=|like|ilike|rlike|regexp|glob|between|in|is`,
  'not like|not in|not between|similar x|is not',
);
const logic = String.raw`(?:and|or|xor|&&|\|\||\|)`;
/** Names that are also words of SQL. */
const noun = '(?:x|user|login|index|view|function|trigger|schema|database|table)';
const close = String.raw`(?:\) )*`;
const call = String.raw`(?: \( (?:[^()]|\([^()]*\))*\))?`;
const end = `(?: --| ;| $)`;
/** A column of a `select` in an honest query. */
const column = anyOf(String.raw`\*|@v|fn${call}|1|x(?: \. x)*`);
/** What follows the semicolon when a second statement changes data or runs a procedure. */
const secondStatement = anyOf(
  'delete from x|insert into x|update x set|exec |execute |declare @v|shutdown',
  '(?:grant|revoke) (?:all|select|insert|update|delete|execute|x) (?:x )?x',
  String.raw`waitfor|call x \(|merge into|begin |copy x|kill 1|handler x`,
);

const pattern = (name: string, ...parts: readonly string[]): Pattern => ({
  name,
  seen: new RegExp(parts.map((part) => `(?:${part})`).join('|')),
});

/** Patterns that count in every context. */
export const anywhere: readonly Pattern[] = [
  pattern(
    'union',
    String.raw` (?:union|intersect|except|minus) (?:all |distinct )?(?:\( )*select ` +
      '(?:all |distinct |top 1 )?' +
      anyOf(literal, String.raw`\*`, String.raw`${noun} (?:,|from|--|\.)`, 'catalogue'),
    String.raw` union (?:all )?(?:\( )*values \( 1`,
  ),
  pattern(
    'waiting',
    String.raw`(?<! \.)(?<! x) evil \( ?(?:1|'s'|@v|\(|-|x|fn|select|case|if)`,
    ` waitfor (?:delay|time) (?:'s'|@v)`,
    String.raw` evil \. x \(`,
  ),
  pattern(
    'procedure',
    String.raw` (?:exec|execute) (?:x )?(?:\. )*(?:x )?(?:\. )?evil`,
    `^ evil 's'`,
    String.raw` procedure analyse \(`,
  ),
  pattern('file', ` into (?:outfile|dumpfile) (?:'s'|1)`, ` load x (?:x )?infile 's'`),
  pattern(
    'subquery',
    String.raw`(?:${compare}|${logic}|[-+*/%,(]) \( select ` +
      String.raw`(?:${literal}|\*|x (?:from|,)|x \. x|x \()`,
    String.raw`\( select [^;]{0,200} from (?:x|information_schema|catalogue|\( select)` +
      String.raw`(?: \. x)* (?:where|limit|\)|group|order|--)`,
    String.raw`\( select (?:@v|fn|evil|case when|'s')`,
  ),
  pattern(
    'catalogue',
    String.raw` from (?:information_schema \. x|catalogue|x \. (?:x \. )?catalogue)`,
    String.raw` (?:information_schema|catalogue) \. x (?:where|--|limit|;)`,
  ),
  pattern(
    'query',
    String.raw`^ (?:'s' )?(?:\( )?select (?:distinct |all |top 1 )?${column}(?: , ${column})*` +
      String.raw` from (?:x|user|catalogue)(?: \. x)*(?: where | limit | order by |${end})`,
    String.raw`^ select (?:@v|fn \(|evil)`,
  ),
  pattern(
    'change',
    ' ; (?:drop|truncate|alter|create) ' +
      '(?:table|database|schema|view|user|login|index|function|trigger|procedure) (?:if (?:not ' +
      `)?exists )?${noun}`,
    ` ; ${secondStatement}`,
    String.raw` ; ?(?:\( )?select (?:${literal}|\*|x from|x ,)`,
    String.raw` insert into x(?: \. x)*(?: \( [^()]* \))? (?:values \(|select )`,
    String.raw` delete from (?:x|user)(?: \. x)* where (?:${value}${call}) ${compare} ${value}`,
    String.raw` update (?:x|user)(?: \. x)* set x = (?:${value})`,
    ` drop (?:table|database|schema|user|view) (?:if exists )?(?:x|user)(?: ;| --)`,
    String.raw` (?:alter|create) table x (?:\(|x column|drop column)`,
  ),
  pattern(
    'condition',
    String.raw` case when (?:\( )?${value}${call} ${compare} .{0,120} then .{0,120} (?:else|end) `,
    String.raw` (?:if|iif) \( ${value}${call} ${compare} .{0,120} , .{1,60} , `,
    String.raw` (?:and|or|xor|&&|\|\||having) (?:\( |not )*` +
      anyOf(`1 (?:=|<|>|<>|!=|<=>|like|in|between) ${literal}`, `'s' (?:=|<|>|<>|!=|like) 's'`) +
      '(?! x)',
    String.raw` (?:and|or) (?:not )?exists \( select`,
    String.raw` (?:and|or) \( 1(?: , 1)+ \) (?:=|in|<|>) \(`,
    String.raw` (?:and|or|where|having|=|,) (?:\( )*fn \( (?:\( select|fn \(|@v|'s' ,|x , 1)`,
    String.raw` (?:and|or|having) fn ${'\\('} [^()]*\) ?${compare} ${literal}`,
    String.raw` char \( 1(?: , 1)+ \)`,
  ),
  pattern(
    'order',
    `^ (?:- )?(?:1|'s') ${close}(?:order by 1|group by (?:1|x) having|having ${literal})`,
    ` (?:order|group) by 1(?: , 1)* --`,
  ),
];

/**
 * Patterns that count where the text is a value without quotes: a condition follows it directly.
 */
export const unquoted: readonly Pattern[] = [
  pattern(
    'condition after a value',
    String.raw`^ (?:- )?(?:1|x) ${close}${logic} (?:\( )*(?:not )?` +
      `${literal}${call} ${compare} ${value}`,
    String.raw`^ (?:- )?1 ${close}${logic} (?:\( )*(?:not )?${value}${call} ` +
      String.raw`(?:=|<|>|<>|!=|<=>|like|regexp|between|in \(|is 1|is not 1)`,
    `^ (?:- )?(?:1|x) ${close}${logic} ${literal}${call} --`,
    String.raw`^ (?:- )?(?:1|x) ${close}${logic} (?:not )?(?:evil|fn|\( select|exists)`,
    `^ (?:- )?(?:1|x) ?${close}; ?--`,
    `^ ${logic} ${literal}${call} ${compare} ${value}`,
    String.raw`^ (?:- )?1 \) (?:\) )*(?:--|;|${logic} \( ?(?:1|'s'|x))`,
    String.raw`^ (?:- )?1 (?:rlike|regexp|div|mod|like|&|\||\^|\*|\+|-|/|%) ` +
      String.raw`(?:\( )*(?:evil|\( select|fn \()`,
  ),
];

/** Patterns that count after a quote that the text closes. */
export const afterQuote: readonly Pattern[] = [
  pattern(
    'condition after a quote',
    String.raw`^ 's' ${close}(?:and|or|xor|&&|\|\|) (?:${value})${call} ${compare} (?:${value}|1)`,
    String.raw`^ 's' ${close}(?:or|and|xor|&&|\|\|) (?:\( )*(?:not )?${literal}${call} ?` +
      `${close}(?:--|;|$|or|and|limit|group|order|having)`,
    String.raw`^ 's' ${close}(?:or|and|&&|\|\|) ${literal}${call} (?:[-+*/%^&|]|div|mod) ${value}`,
    String.raw`^ 's' ${close}(?:or|and|&&|\|\|) (?:x|user) ` +
      String.raw`(?:is not 1|is 1|like '|between|in \(|--$)`,
    `^ 's' ${close}` +
      String.raw`(?:=|<>|!=|<|>|<=>|like|rlike|regexp|in \(|between|is 1|is not 1|` +
      String.raw`not in|not like) (?:\( )?(?:'s'|1|@v|fn|evil|\))`,
    `^ 's' (?:is|not) (?:not )?1 `,
    `^ 's' ${close}(?:having|group by|order by|limit|offset|procedure) ` +
      String.raw`(?:1|'s'|x having|x --|fn|\( select|analyse)`,
    String.raw`^ 's' ${close}(?:intersect|except|minus|union) (?:all )?(?:\( )?select `,
  ),
  pattern('comment after a quote', `^ 's' ${close}(?:; )*-- $`, `^ 's' ${close}; $`),
  pattern(
    'expression after a quote',
    String.raw`^ 's' ${close}(?:\|\||[-+*/%^&|,~]) (?:\( )*` +
      String.raw`(?:select|case|@v|fn|evil|cast|convert|if \(|user)`,
    String.raw`^ 's' (?:[-+*/^&=%|~<>]|\|\||&&|<>|!=|<=>|div|mod|xor) ` +
      `(?:- )?(?:1 )?(?:[-+*/^&=%|] )?'s' $`,
    `^ 's' ${close}; ` +
      anyOf(
        'select|exec|execute|declare|drop|insert|update|delete|truncate|alter|create',
        'shutdown|waitfor|begin|call|grant',
      ),
    String.raw`^ 's' , (?:${value})(?:${call} ,| \) --)`,
  ),
];
