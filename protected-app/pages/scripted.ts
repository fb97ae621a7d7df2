import type { ScriptedAnswer } from '../../pages-kit/states.ts';

export const at = '2026-11-21T12:00:00.000Z';
export const productId = 'a0aad93b-ad96-4754-bb0f-e7405bc3ff2e';
export const customerId = '0035g00000007acAAA';
export const questionId = '2f6c1f0a-9d53-4b8e-8c35-5a2a0f3a7b10';
export const people = { standard: '6f1d2c3b-1111-4222-8333-944455556666' } as const;

export const product = {
  ...{ id: productId, sku: 'BRG-6201', name: 'Ball Bearing 6201, Chrome Steel' },
  description: 'Single row, shielded on both sides. For electric motors and pumps.',
  ...{ category: 'Bearings', price: { amount: 590, currency: 'EUR' }, stock: 240 },
  ...{ components: [], createdAt: at, createdBy: people.standard, updatedAt: at, version: 3 },
};

export const names = [
  ...['Ball Bearing 6201, Chrome Steel', 'Conveyor Roller 50 mm', 'Drive Belt HTD 5M'],
  ...['Gear Motor 0.37 kW, with a name that is long enough to be cut off on every phone'],
  ...['Hex Bolt M8 × 40, zinc', 'Linear Guide 15, 600 mm', 'Proximity Switch M12'],
  ...['Stepper Motor NEMA 23', 'Timing Pulley 20 teeth', 'Washer M8'],
];
export const products = names.map((name, index) => ({
  ...product,
  ...{ id: `${productId.slice(0, -2)}${10 + index}`, sku: `PRT-${6201 + index * 37}`, name },
  price: { amount: 590 + index * 1_379, currency: index === 4 ? 'JPY' : 'EUR' },
  stock: index === 3 ? 0 : 24 * index + 12,
}));

export const customer = {
  ...{ id: customerId, name: 'Carlos Nguyen', company: 'Sable Medical', title: 'Buyer' },
  ...{ email: 'carlos.nguyen@sablemedical.example', phone: '+1 520 555 0148' },
  ...{ street: '1200 E Speedway Blvd', postalCode: '85719', city: 'Tucson' },
  ...{ country: 'United States', modifiedAt: at, masked: false },
};
export const maskedCustomer = {
  ...customer,
  ...{ email: 'c***@sablemedical.example', phone: '***48', street: '***', postalCode: '85***' },
  masked: true,
};
export const customers = [
  'Ada Berger',
  'Bo Lindqvist',
  'Carlos Nguyen',
  'Dina Haddad',
  'Emil Novák',
].map((name, index) => ({ ...customer, id: `0035g0000000${7000 + index}AA`, name }));

export const question = {
  ...{ id: questionId, state: 'succeeded', askedAt: at, endedAt: at },
  question: 'Which of our customers in Arizona are in medicine, and who buys for them?',
  answer:
    'One of them is: Sable Medical in Tucson. Carlos Nguyen buys for it.\n\n' +
    'No other record that you may see names a company in medicine.',
  ...{ sources: [customerId], tokens: 412, reason: null },
};
export const asked = (state: string, more: object = {}) => ({
  body: { ...question, state, answer: null, sources: [], tokens: null, endedAt: null, ...more },
});

export const run = {
  ...{ id: questionId, state: 'running', startedAt: at, startedBy: people.standard },
  ...{ endedAt: null, pushed: 40, failed: 1, reason: null },
  activity: [
    { at, what: '40 customers pushed' },
    { at, what: '1 customer refused: FIELD_CUSTOM_VALIDATION_EXCEPTION' },
    { at, what: 'requested' },
  ],
};

export const problem = (status: number, title: string, detail: string, more: object = {}) => ({
  status,
  body: { type: 'about:blank', title, status, detail, requestId: 'b6d7f6d2-5f0c', ...more },
});
export const broken = problem(
  500,
  'Internal error',
  'Internal error. The request was not processed.',
);
export const missing = problem(404, 'Not found', 'No record has this id.');
export const stopped = problem(
  503,
  'Temporarily unavailable',
  'This part is stopped. Try again later.',
  {
    type: 'urn:problem:stopped',
  },
);
export const page = (items: readonly unknown[]) => ({ body: { items, cursor: null } });
/** A filter has found nothing in the records that it looked at, and there are more. */
export const noneSoFar = { body: { items: [], cursor: 'further' } };

/** What the API answers where a state names nothing else. */
export const usualAnswers: Readonly<Record<string, ScriptedAnswer>> = {
  'GET /products': page(products),
  'GET /products/{id}': { body: product },
  'POST /products': { status: 201, body: product },
  'PUT /products/{id}': { body: { ...product, version: 4 } },
  'DELETE /products/{id}': { status: 204 },
  'GET /customers': page(customers),
  'GET /customers/{id}': { body: customer },
  'POST /ai/query': { status: 202, body: { id: questionId, state: 'queued' } },
  'GET /ai/query/{id}': { body: question },
  'GET /ai/queries': page([
    { ...question, state: 'running', id: questionId.replace('2f', '3f') },
    question,
    {
      ...question,
      id: questionId.replace('2f', '4f'),
      state: 'failed',
      question: 'Who pays late?',
    },
  ]),
  'GET /ai/budget': { body: { used: 12_400, limit: 50_000, isCommonSpent: false, renewsAt: at } },
  'POST /salesforce/sync': { status: 202, body: run },
  'GET /salesforce/sync': { body: run },
  'GET /salesforce/sync/{id}': { body: run },
};
