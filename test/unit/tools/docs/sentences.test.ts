import { globSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { verbs } from '../../../../cli/verbs.ts';
import { catalog } from '../../../../responders/contain/catalogue.ts';
import { collectors } from '../../../../responders/evidence/collectors.ts';
import { contradiction, outcomeWords, verdicts } from '../../../../responders/report/words.ts';
import { leftOut, media, sentenceList, sentencesIn } from '../../../../tools/docs/sentences.ts';

const inSource = (source: string): readonly string[] => sentencesIn('a.ts', source);

describe('a source says', () => {
  it.each([
    ["const a = 'two words';", ['two words']],
    ["const a = 'the port ' + port + ' is taken';", ['the port ‹port› is taken']],
    ['const a = `no ${what.kind} ${count(n, "row")} left`;', ['no ‹kind› ‹n› rows left']],
    ["const a = `${ok ? 'it holds' : 'it FAILED'}; look`;", ['{it holds|it FAILED}; look']],
    ["const a = ok ? 'it holds' : 'it fails';", ['it holds', 'it fails']],
    ['const a = `seen ${rows.map((r) => `${r} at home`)}`;', ['‹r› at home']],
    ["const a = 'first line\\nsecond line';", ['first line', 'second line']],
    ["const a = ['said twice', 'said twice'];", ['said twice']],
    [
      'const a = html`<p class="soft wide">Read <code>it</code> here.</p><p aria-label="the path">${b}</p>`;',
      ['the path', 'Read it here.'],
    ],
  ])('%s', (source, sentences) => {
    expect(inSource(source)).toEqual(sentences);
  });

  it.each([
    "import a from 'two words';",
    "type A = 'two words' | 'more words';",
    "const a = b === 'two words';",
    "switch (a) { case 'two words': break; }",
    "const a = 'word';",
    'const a = `${one} ${other}`;',
    "const a = 'SET #state = :state, reason = :reason';",
    "const a = 'SELECT a FROM b';",
    "const a = 'text/html; charset=utf-8';",
    "const a = 'GET /products';",
    "const a = 'cordon show inc-20261121-7f3k2m8q';",
    "const a = 'iam get-user --user-name {0}';",
  ])('no sentence with %s', (source) => {
    expect(inSource(source)).toEqual([]);
  });
});

it('of a template, what stands between tags and conditions is said', () => {
  const template =
    '<style>a b { c: d }</style>{{! no word }}<p>{{#if a}}It holds{{else}}It fails{{/if}} now.</p>' +
    '<p>Since {{clock.at}} <em>at least</em> &amp; on</p>';

  expect(sentencesIn('a.hbs', template)).toEqual([
    'It holds',
    'It fails',
    'Since ‹at› at least & on',
  ]);
});

it('every source file of the product is read, or left out for a reason', () => {
  const rooms = 'cli,game-day,infra,local,operator,protected-app,report-templates,responders';
  const read = new Set(
    [...media.flatMap(({ files }) => files), ...Object.keys(leftOut)].flatMap((pattern) =>
      globSync(pattern),
    ),
  );
  const sources = globSync(`{${rooms}}/**/*.{ts,mjs,hbs}`);

  expect(sources.length).toBeGreaterThan(300);
  expect(sources.filter((file) => !read.has(file))).toEqual([]);
  for (const pattern of Object.keys(leftOut)) expect(globSync(pattern), pattern).not.toEqual([]);
});

it('the list has what people are known to see', () => {
  const list = sentenceList();
  const known = [
    ...Object.values(verdicts),
    ...Object.values(outcomeWords).filter((words) => words.includes(' ')),
    contradiction,
    ...verbs.map(({ summary }) => summary),
    ...catalog.flatMap(({ title, stops, leavesOpen }) => [title, stops, leavesOpen]),
    ...collectors.map(({ title }) => title),
  ];

  expect(known.length).toBeGreaterThan(50);
  expect(known.filter((sentence) => !list.includes(`- \`${sentence}\``))).toEqual([]);
});
