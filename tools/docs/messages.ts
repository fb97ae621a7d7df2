import { globSync, readFileSync } from 'node:fs';
import ts from 'typescript';

/** An error that a command ends with. */
interface Message {
  readonly text: string;
  readonly code: string;
}

/** The name that a reader sees instead of a value: `<port>`. */
const placeholder = (expression: ts.Expression): string => {
  if (ts.isIdentifier(expression)) return `<${expression.text}>`;
  if (ts.isPropertyAccessExpression(expression)) return `<${expression.name.text}>`;
  const [argument] = ts.isCallExpression(expression) ? expression.arguments : [];
  return argument ? placeholder(argument) : '<…>';
};

const joined = (left: readonly string[], right: readonly string[]): string[] =>
  left.flatMap((start) => right.map((end) => start + end));

/** Every text that an expression can give; values that only a run knows are placeholders. */
const textsOf = (expression: ts.Expression): readonly string[] => {
  if (ts.isStringLiteralLike(expression)) return [expression.text];
  if (ts.isParenthesizedExpression(expression)) return textsOf(expression.expression);
  if (ts.isConditionalExpression(expression))
    return [...textsOf(expression.whenTrue), ...textsOf(expression.whenFalse)];
  if (ts.isBinaryExpression(expression))
    return expression.operatorToken.kind === ts.SyntaxKind.PlusToken
      ? joined(textsOf(expression.left), textsOf(expression.right))
      : [placeholder(expression.left)];
  if (ts.isTemplateExpression(expression))
    return expression.templateSpans.reduce<readonly string[]>(
      (texts, span) => joined(joined(texts, textsOf(span.expression)), [span.literal.text]),
      [expression.head.text],
    );
  return [placeholder(expression)];
};

const codeOf = (options: ts.Expression | undefined): string =>
  options && /\bcode: (\d)/.exec(options.getText())?.[1] ? '2' : '1';

const messagesIn = (file: string): readonly Message[] => {
  const source = ts.createSourceFile(
    file,
    readFileSync(file, 'utf8'),
    ts.ScriptTarget.Latest,
    true,
  );
  const messages: Message[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isNewExpression(node) && node.expression.getText() === 'CordonError') {
      const [text, options] = node.arguments ?? [];
      const code = codeOf(options);
      if (text) messages.push(...textsOf(text).map((sentence) => ({ text: sentence, code })));
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return messages;
};

/** One line, and only messages that say something of their own. */
const isSaid = ({ text }: Message): boolean => text.replaceAll(/<[^>]*>/g, '').trim().length > 12;

/** Placeholders come first, so that they do not decide the order. */
const orderOf = (text: string): string => text.replaceAll(/<[^>]*>|[^a-z ]/gi, '').trim();

const row = ({ text, code }: Message): string => {
  const line = text.replaceAll(/\s+/g, ' ').replaceAll('|', '\\|').trim();
  const [, what = line, fix = ''] = /^(.*?[^<\d ]): (.+)$/.exec(line) ?? [];
  return `| \`${what}\` | ${fix ? `\`${fix}\`` : ''} | ${code} |`;
};

/** What commands end with when something is wrong: what happened, what to do, the exit code. */
export const messageTable = (rooms: readonly string[]): string => {
  const messages = rooms
    .flatMap((room) => globSync(`${room}/**/*.ts`).sort())
    .flatMap(messagesIn)
    .filter(isSaid)
    .sort((left, right) => orderOf(left.text).localeCompare(orderOf(right.text), 'en'));
  return [
    '| The command says | and what to do | Code |',
    '|---|---|---|',
    ...new Set(messages.map(row)),
  ].join('\n');
};
