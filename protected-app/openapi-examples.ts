const product = {
  sku: 'BRG-6201',
  name: 'Ball Bearing 6201, Chrome Steel',
  description: 'Single row, shielded on both sides.',
  category: 'Bearings',
  price: { amount: 590, currency: 'EUR' },
  stock: 240,
  components: [],
};

const stored = {
  ...product,
  id: 'a0aad93b-ad96-4754-bb0f-e7405bc3ff2e',
  createdAt: '2026-11-21T12:00:00.000Z',
  createdBy: '6f1d2c3b-1111-4222-8333-944455556666',
  updatedAt: '2026-11-21T12:00:00.000Z',
  version: 1,
};

const customer = {
  id: '0035g00000007acAAA',
  name: 'Carlos Nguyen',
  company: 'Sable Medical',
  title: 'Buyer',
  email: 'c***@sablemedical.example',
  phone: '***48',
  street: '***',
  postalCode: '85***',
  city: 'Tucson',
  country: 'United States',
  modifiedAt: '2026-10-02T08:15:00.000Z',
  masked: true,
};

const id = '2f6c1f0a-9d53-4b8e-8c35-5a2a0f3a7b10';

const query = {
  id,
  state: 'succeeded',
  question: 'Which of these customers are in medicine?',
  askedAt: '2026-11-21T12:00:00.000Z',
  endedAt: '2026-11-21T12:00:04.200Z',
  answer: 'Carlos Nguyen of Sable Medical.',
  sources: ['0035g00000007acAAA'],
  tokens: 412,
  reason: null,
};

const run = {
  id,
  state: 'succeeded',
  startedAt: '2026-11-21T12:00:00.000Z',
  startedBy: '6f1d2c3b-1111-4222-8333-944455556666',
  endedAt: '2026-11-21T12:00:09.000Z',
  pushed: 21,
  failed: 0,
  activity: [{ at: '2026-11-21T12:00:09.000Z', what: '21 customers pushed' }],
  reason: null,
};

const pageOf = (record: unknown) => ({ items: [record], cursor: null });

/** One example of everything that is sent or answered, by the name of its schema. */
export const examples: Readonly<Record<string, unknown>> = {
  Currency: 'EUR',
  ProductInput: product,
  Product: stored,
  ProductPage: pageOf(stored),
  Customer: customer,
  CustomerPage: pageOf(customer),
  Question: { question: query.question, customerIds: query.sources },
  AcceptedQuestion: { id, state: 'queued' },
  AiQuery: query,
  AiQueryPage: pageOf(query),
  AiBudget: {
    used: 1_240,
    limit: 50_000,
    isCommonSpent: false,
    renewsAt: '2026-11-22T00:00:00.000Z',
  },
  SyncRequest: {},
  SyncRun: run,
  Status: { status: 'ok', version: '0.1.0', time: '2026-11-21T12:00:00.000Z' },
  Problem: {
    type: 'about:blank',
    title: 'Bad request',
    status: 400,
    detail: 'The body is invalid; "errors" names each field and what is wanted.',
    requestId: 'b6d7f6d2-5f0c-4b5e-9a55-2a7c1b0f4c3d',
    errors: [{ pointer: '/price/currency', detail: 'an ISO 4217 code' }],
  },
};

/** Records of the seed, so that a client that tries the document on a local run gets answers. */
export const pathExamples: Readonly<Record<string, string>> = {
  'GET /products/{id}': 'a0aad93b-ad96-4754-bb0f-e7405bc3ff2e',
  'PUT /products/{id}': 'a0aad93b-ad96-4754-bb0f-e7405bc3ff2e',
  'DELETE /products/{id}': '75a3b4b6-a720-4e9e-8281-d2e6da88aff8',
  'GET /customers/{id}': customer.id,
};

export const headerExamples: Readonly<Record<string, string>> = { 'If-Match': '"1"' };

/** Where the example of the schema would not fit: a product keeps its own SKU. */
export const bodyExamples: Readonly<Record<string, unknown>> = {
  'PUT /products/{id}': { ...product, sku: 'PPC-A-0020' },
};
