import { expect, it } from 'vitest';
import { checkedTable } from '../../../infra/finding-types.ts';
import advice from '../../../responders/decide/finding-advice.json' with { type: 'json' };
import table from '../../../responders/decide/finding-types.json' with { type: 'json' };

const [family, ...others] = table.families;
const [advised, ...otherAdvice] = advice.families;
const known = 'Backdoor:Lambda/C&CActivity.B';
const changed = (change: object) => ({ ...table, families: [{ ...family, ...change }, ...others] });
const advisedBy = (change: object) => ({
  ...advice,
  families: [{ ...advised, ...change }, ...otherAdvice],
});
const exceptedBy = (...rows: object[]) => ({
  ...advice,
  exceptions: [...advice.exceptions, ...rows],
});

it('the table that is checked in has no mistake, and a row for each of GuardDuty’s types', () => {
  const { families } = checkedTable(table, advice);
  const types = families.flatMap((row) => row.types);
  expect(types.length).toBeGreaterThan(200);
  expect(families.at(-1)?.family).toBe('*');
});

it.each([
  [{ ...table, versoin: 2 }, /\.versoin: wanted one of the options version, asOf/],
  [changed({ severity: 4 }), /\.families\[0\]\.severity: wanted one of the options family/],
  [changed({ contain: 10.1 }), /\.families\[0\]\.contain: wanted a number from 0 to 10/],
  [changed({ ask: -1 }), /\.families\[0\]\.ask: wanted a number from 0 to 10/],
  [changed({ tell: 'never' }), /\.families\[0\]\.tell: wanted a number from 0 to 10, got "never"/],
  [changed({ suspects: ['lambda'] }), /\.families\[0\]\.suspects\[0\]: wanted "function" or/],
  [changed({ types: ['Backdoor'] }), /\.families\[0\]\.types\[0\]: wanted a finding type/],
  [changed({ types: ['Trojan:EC2/New'] }), /is not of the family Backdoor:Lambda/],
  [{ ...table, families: [...table.families, family] }, /Backdoor:Lambda\/\* has two rows/],
  [changed({ types: [known, known] }), /Backdoor:Lambda\/C&CActivity.B has two rows/],
  [{ ...table, exceptions: [{ type: known, contain: 4, ask: 7 }] }, /C&CActivity.B asks from 7/],
  [
    { ...table, exceptions: [...table.exceptions, ...table.exceptions] },
    /AnomalousModelInvocation has two rows/,
  ],
  [{ ...table, exceptions: [{ type: 'Trojan:EC2/New' }] }, /is an exception and of no family/],
  [changed({ contain: 4, ask: 7 }), /Backdoor:Lambda\/\* asks from 7 and contains from 4/],
  [changed({ tell: 8 }), /Backdoor:Lambda\/\* tells from 8 and acts from 4/],
  [{ ...table, families: [family], exceptions: [] }, /no family \* for unknown types/],
])('refuses a wrong table: %#', (wrong, message) => {
  expect(() => checkedTable(wrong, advice)).toThrow(message);
});

it.each([
  [advisedBy({ advice: undefined }), /\.families\[0\]\.advice: wanted a sentence/],
  [advisedBy({ open: 'No sentence' }), /\.families\[0\]\.open: wanted a sentence/],
  [advisedBy({ contain: 4 }), /\.families\[0\]\.contain: wanted one of the options family/],
  [{ ...advice, families: otherAdvice }, /Backdoor:Lambda\/\* has no advice/],
  [advisedBy({ family: 'Trojan:Nothing/*' }), /Backdoor:Lambda\/\* has no advice/],
  [
    { ...advice, families: [...advice.families, { ...advised, family: 'Trojan:Nothing/*' }] },
    /Trojan:Nothing\/\* is no family of finding-types.json/,
  ],
  [{ ...advice, families: [...advice.families, advised] }, /Backdoor:Lambda\/\* has two rows/],
  [exceptedBy(...advice.exceptions), /AnomalousModelInvocation has two rows/],
  [exceptedBy({ type: 'Trojan:EC2/New', advice: 'Look.' }), /is an exception and of no family/],
])('refuses wrong sentences: %#', (wrong, message) => {
  expect(() => checkedTable(table, wrong)).toThrow(message);
});
