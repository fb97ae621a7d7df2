import ts from 'typescript';

/** A text as the source says it: fixed words, values that only a run knows, and alternatives. */
type Part = string | { readonly value: string } | { readonly choices: readonly Text[] };
export type Text = readonly Part[];

/** What a reader sees instead of a value: `<port>`. */
const valueName = (expression: ts.Expression): string => {
  if (ts.isIdentifier(expression)) return expression.text;
  if (ts.isPropertyAccessExpression(expression)) return expression.name.text;
  const [argument] = ts.isCallExpression(expression) ? expression.arguments : [];
  return argument ? valueName(argument) : '…';
};

/** `count(calls, 'call')` says `<calls> calls`. */
const countOf = (expression: ts.Expression): Text | undefined => {
  if (!ts.isCallExpression(expression) || expression.expression.getText() !== 'count') return;
  const [number, noun] = expression.arguments;
  if (!number || !noun || !ts.isStringLiteralLike(noun)) return;
  return [{ value: valueName(number) }, ` ${noun.text}s`];
};

/** Reads an expression that makes a text. */
export const textOf = (expression: ts.Expression): Text => {
  if (ts.isStringLiteralLike(expression)) return [expression.text];
  if (ts.isParenthesizedExpression(expression)) return textOf(expression.expression);
  if (ts.isConditionalExpression(expression))
    return [{ choices: [textOf(expression.whenTrue), textOf(expression.whenFalse)] }];
  if (ts.isBinaryExpression(expression))
    return expression.operatorToken.kind === ts.SyntaxKind.PlusToken
      ? [...textOf(expression.left), ...textOf(expression.right)]
      : [{ value: valueName(expression.left) }];
  if (ts.isTemplateExpression(expression))
    return [
      expression.head.text,
      ...expression.templateSpans.flatMap((span) => [
        ...textOf(span.expression),
        span.literal.text,
      ]),
    ];
  return countOf(expression) ?? [{ value: valueName(expression) }];
};

const joined = (left: readonly string[], right: readonly string[]): string[] =>
  left.flatMap((start) => right.map((end) => start + end));

const wordings = (part: Part): readonly string[] => {
  if (typeof part === 'string') return [part];
  return 'value' in part ? [`<${part.value}>`] : part.choices.flatMap(wordingsOf);
};

/** Every wording that a text can have. */
export const wordingsOf = (text: Text): readonly string[] =>
  text.map(wordings).reduce(joined, ['']);

const inline = (part: Part): string => {
  if (typeof part === 'string') return part;
  return 'value' in part ? `‹${part.value}›` : `{${part.choices.map(inOneLine).join('|')}}`;
};

/** A text with its values as `‹port›`, and its alternatives in braces: `{approve|deny}`. */
export const inOneLine = (text: Text): string => text.map(inline).join('');

/** Calls `look` for a node and all below it; where `look` has read a node whole, not below it. */
export const eachNode = (root: ts.Node, look: (node: ts.Node) => boolean): void => {
  const visit = (node: ts.Node): void => {
    if (!look(node)) ts.forEachChild(node, visit);
  };
  visit(root);
};
