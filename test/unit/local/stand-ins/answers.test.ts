import { expect, it } from 'vitest';
import { answerTo } from '../../../../local/stand-ins/answers.ts';
import { seedCustomers } from '../../../../protected-app/seed/customers.ts';
import { customerOf } from '../../../../protected-app/shared/customer-item.ts';
import { maskCustomer } from '../../../../protected-app/shared/masked.ts';
import { judgeAnswer } from '../../../../protected-app/worker/answer.ts';
import { promptOf } from '../../../../protected-app/worker/prompt.ts';

const customers = seedCustomers({ now: Date.parse('2026-11-21T12:00:00Z') }).map(customerOf);
const about = (question: string, records = customers) => {
  const prompt = promptOf({ question }, records);
  const { answer, sources } = answerTo(prompt.instructions + prompt.input);
  return { answer, sources, judged: judgeAnswer(JSON.stringify({ answer, sources }), prompt) };
};

it.each([
  'Who is this?',
  'How can I contact them?',
  'Where do they live?',
  'What is their role, and where do they work?',
])('every seeded customer gets an answer that is believed: %s', (question) => {
  expect(customers.length).toBeGreaterThanOrEqual(500);
  for (const customer of customers) {
    const { answer, judged } = about(question, [customer]);
    expect(judged).toEqual({ kind: 'good', answer, sources: [customer.id] });
    expect(answer).toContain(customer.name);
    expect(about(question, [maskCustomer(customer)]).judged.kind).toBe('good');
  }
});

it('says what is asked for, and that it is hidden where it is', () => {
  const known = customers.find(({ email }) => email !== null);
  if (!known) throw new Error('no customer has an address');
  expect(about('What is the e-mail address?', [known]).answer).toBe(
    `${known.name}: the e-mail address is ${known.email}.`,
  );
  expect(about('What is the e-mail address?', [maskCustomer(known)]).answer).toContain(
    'partly hidden from you',
  );
});

it('without records there is nothing to say, and nothing to cite', () => {
  expect(about('Who?', [])).toMatchObject({ sources: [], judged: { kind: 'good' } });
});
