import { globSync, readFileSync } from 'node:fs';
import ts from 'typescript';
import { isSentence, pageOfTemplate, piecesOf } from './sentence.ts';
import { eachNode, inOneLine, textOf } from './texts.ts';

/** Where a person reads sentences, and the files that write them. */
interface Medium {
  readonly title: string;
  readonly files: readonly string[];
}

/** The first medium that names a file has it. */
export const media: readonly Medium[] = [
  { title: 'Mails', files: ['responders/report/{mail,mail-*,drill-mail,digest,outbox}.ts'] },
  {
    title: 'Reports, and what mails and the command quote of them',
    files: ['responders/report/*.ts', 'report-templates/*.{hbs,ts}'],
  },
  {
    title: 'Decisions, changes and outcomes: in mails, reports and `cordon show`',
    files: ['responders/{contain,decide,finding,incident}/**/*.ts', 'responders/functions.ts'],
  },
  { title: 'Timelines, and what they could not see', files: ['responders/timeline/*.ts'] },
  { title: 'Evidence: pages, gaps, verifier', files: ['responders/evidence/**/*.{ts,mjs}'] },
  { title: 'What differs from the deployment', files: ['responders/check/*.ts'] },
  { title: 'Why a heartbeat failed', files: ['responders/heartbeat/*.ts'] },
  { title: 'Notices of the webhook', files: ['responders/webhook/*.ts'] },
  { title: 'Failures of stages', files: ['responders/{handlers,shared}/*.ts'] },
  {
    title: 'Deployment: wrong settings, mails of alarms, descriptions in the AWS console',
    files: ['infra/**/*.ts'],
  },
  { title: 'The command', files: ['cli/**/*.{ts,mjs}', 'operator/*.ts'] },
  { title: 'Drills', files: ['game-day/**/*.{ts,mjs}'] },
  { title: 'A local run', files: ['local/**/*.ts'] },
  { title: 'Answers of the application', files: ['protected-app/**/*.ts'] },
  { title: 'Answers of the incident console', files: ['console/**/*.ts'] },
];

/** Files whose texts are no sentences of Cordon, and why. */
export const leftOut: Readonly<Record<string, string>> = {
  'cli/schemas/**/*.ts': 'descriptions of JSON documents, which `cli/schemas/*.json` prints',
  'local/edge/{sql,html}/*.ts': 'words that the firewall looks for in requests',
  'local/stand-ins/*.ts': 'what OpenAI and Salesforce answer, imitated',
  'protected-app/seed/*.ts': 'sample data',
  'protected-app/worker/prompt.ts': 'instructions to the language model',
  'responders/evidence/page-style.ts': 'a style sheet',
  'responders/trust.ts': 'what `docs/trust.md` prints',
  'responders/timeline/{sql,counted-sql}.ts': 'queries of Athena',
};

const isText = (node: ts.Node): node is ts.Expression =>
  ts.isStringLiteralLike(node) ||
  ts.isTemplateExpression(node) ||
  (ts.isBinaryExpression(node) &&
    node.operatorToken.kind === ts.SyntaxKind.PlusToken &&
    (isText(node.left) || isText(node.right)));

const comparisons = new Set([
  ts.SyntaxKind.EqualsEqualsEqualsToken,
  ts.SyntaxKind.ExclamationEqualsEqualsToken,
  ts.SyntaxKind.InKeyword,
]);

/** Texts in it are read by the program only: imports, types, and what a value is compared with. */
const isForProgram = (node: ts.Node): boolean =>
  ts.isImportDeclaration(node) ||
  ts.isExportDeclaration(node) ||
  ts.isTypeNode(node) ||
  (ts.isCaseClause(node.parent) && node.parent.expression === node) ||
  (ts.isBinaryExpression(node.parent) && comparisons.has(node.parent.operatorToken.kind));

/** The texts inside the values of a text, such as those of a list that it joins. */
const valuesIn = (node: ts.Node): readonly ts.Node[] => {
  if (ts.isStringLiteralLike(node)) return [];
  if (ts.isTemplateExpression(node))
    return node.templateSpans.flatMap((span) => valuesIn(span.expression));
  if (ts.isParenthesizedExpression(node)) return valuesIn(node.expression);
  if (ts.isConditionalExpression(node)) return [node.whenTrue, node.whenFalse].flatMap(valuesIn);
  if (ts.isBinaryExpression(node)) return [node.left, node.right].flatMap(valuesIn);
  return [node];
};

/** The sentences that a source writes, in its order, each once. */
export const sentencesIn = (file: string, text: string): readonly string[] => {
  const pieces = new Set<string>();
  const add = (written: string): void => {
    for (const piece of piecesOf(written)) if (isSentence(piece)) pieces.add(piece);
  };
  if (file.endsWith('.hbs')) add(pageOfTemplate(text));
  else {
    const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
    const look = (node: ts.Node): boolean => {
      if (node !== source && isForProgram(node)) return true;
      if (!isText(node)) return false;
      add(inOneLine(textOf(node)));
      for (const value of valuesIn(node)) eachNode(value, look);
      return true;
    };
    eachNode(source, look);
  }
  return [...pieces];
};

/** The files of a medium that no medium before it has. */
const filesOf = ({ files }: Medium, taken: ReadonlySet<string>): readonly string[] =>
  files.flatMap((pattern) => globSync(pattern).sort()).filter((file) => !taken.has(file));

const code = (text: string): string => (text.includes('`') ? `\`\` ${text} \`\`` : `\`${text}\``);

const section = (title: string, files: readonly string[]): readonly string[] => {
  const said = files
    .map((file) => ({ file, sentences: sentencesIn(file, readFileSync(file, 'utf8')) }))
    .filter(({ sentences }) => sentences.length > 0);
  return [
    `## ${title}`,
    ...said.flatMap(({ file, sentences }) => [
      '',
      `**${file}**`,
      '',
      ...sentences.map((sentence) => `- ${code(sentence)}`),
    ]),
    '',
  ];
};

/** Every sentence that a person can see, by where it is read and by the file that writes it. */
export const sentenceList = (): string => {
  const taken = new Set(Object.keys(leftOut).flatMap((pattern) => globSync(pattern)));
  return media
    .flatMap((medium) => {
      const files = filesOf(medium, taken);
      for (const file of files) taken.add(file);
      return section(medium.title, files);
    })
    .join('\n')
    .trimEnd();
};

/** Which files are not in the list, and why. */
export const leftOutTable = (): string =>
  [
    '| Files | Why they are not in the list |',
    '|---|---|',
    ...Object.entries(leftOut).map(([files, why]) => `| \`${files}\` | ${why} |`),
  ].join('\n');
