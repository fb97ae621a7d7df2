import { signInStates } from '../../pages-kit/sign-in-states.ts';
import type {
  PageState as KitState,
  ScriptedAnswer,
  SiteScript,
  Step,
} from '../../pages-kit/states.ts';
import {
  asked,
  at,
  broken,
  customerId,
  maskedCustomer,
  missing,
  noneSoFar,
  page,
  problem,
  product,
  productId,
  question,
  questionId,
  stopped,
  usualAnswers,
} from './scripted.ts';

type PageState = KitState<'administrator' | 'standard'>;

/** What a person types into the form of a product that is complete. */
const typed: readonly Step[] = [
  { type: ['Name', 'Ball Bearing 6202'] },
  { type: ['SKU', 'BRG-6202'] },
  { type: ['Category', 'Bearings'] },
  { type: ['Price', '6.40'] },
  { type: ['Stock', '12'] },
];
const edited: readonly Step[] = [
  { press: 'Edit' },
  { type: ['Name', 'Ball Bearing 6201, stainless'] },
  { press: 'Save changes' },
];
const newerProduct = { ...product, version: 4, name: 'Ball Bearing 6201-2RS', stock: 180 };
const changed = problem(412, 'Changed by another request', 'The record was changed.');

const openStates: readonly PageState[] = [
  ...signInStates('E-mail address'),
  { shown: 'forgotten', path: '/forgotten' },
  {
    ...{ shown: 'forgotten-code', path: '/forgotten' },
    answers: { 'SIGN-IN ForgotPassword': { body: { CodeDeliveryDetails: {} } } },
    steps: [{ type: ['E-mail address', 'grace@example.com'] }, { press: 'Send the code' }],
  },
];

const productStates: readonly PageState[] = [
  { shown: 'products-list', path: '/products', as: 'administrator' },
  {
    ...{ shown: 'products-loading', path: '/products', as: 'standard' },
    answers: { 'GET /products': { isLate: true } },
  },
  {
    ...{ shown: 'products-failed', path: '/products', as: 'standard' },
    answers: { 'GET /products': broken },
  },
  {
    ...{ shown: 'products-empty', path: '/products', as: 'standard' },
    answers: { 'GET /products': page([]) },
  },
  {
    ...{ shown: 'products-no-match', path: '/products?q=anvil', as: 'standard' },
    answers: { 'GET /products': page([]) },
  },
  {
    ...{ shown: 'products-none-so-far', path: '/products?q=anvil', as: 'standard' },
    answers: { 'GET /products': noneSoFar },
  },
  { shown: 'product-shown', path: `/products/${productId}`, as: 'administrator' },
  {
    ...{ shown: 'product-loading', path: `/products/${productId}`, as: 'standard' },
    answers: { 'GET /products/{id}': { isLate: true } },
  },
  {
    ...{ shown: 'product-failed', path: `/products/${productId}`, as: 'standard' },
    answers: { 'GET /products/{id}': broken },
  },
  {
    ...{ shown: 'product-missing', path: `/products/${productId}`, as: 'standard' },
    answers: { 'GET /products/{id}': missing },
  },
  {
    ...{ shown: 'product-editing', path: `/products/${productId}`, as: 'standard' },
    steps: [{ press: 'Edit' }],
  },
  {
    ...{ shown: 'product-refused', path: `/products/${productId}`, as: 'standard' },
    answers: {
      'PUT /products/{id}': problem(409, 'Conflict', 'Another product has this SKU.', {
        errors: [{ pointer: '/sku', detail: 'BRG-6201 is taken' }],
      }),
    },
    steps: edited,
  },
  {
    ...{ shown: 'product-conflict', path: `/products/${productId}`, as: 'standard' },
    answers: { 'PUT /products/{id}': changed },
    afterChange: { 'GET /products/{id}': { body: newerProduct } },
    steps: edited,
  },
  {
    ...{ shown: 'product-removal', path: `/products/${productId}`, as: 'administrator' },
    steps: [{ press: 'Remove' }],
  },
  {
    ...{ shown: 'product-removal-refused', path: `/products/${productId}`, as: 'administrator' },
    answers: {
      'DELETE /products/{id}': problem(409, 'Conflict', '2 products use this one as a component.'),
    },
    steps: [{ press: 'Remove' }, { press: 'Remove product' }],
  },
  { shown: 'new-product', path: '/products/new', as: 'standard' },
  {
    ...{ shown: 'new-product-refused', path: '/products/new', as: 'standard' },
    answers: {
      'POST /products': problem(409, 'Conflict', 'Another product has this SKU.', {
        errors: [{ pointer: '/sku', detail: 'BRG-6202 is taken' }],
      }),
    },
    steps: [...typed, { press: 'Save product' }],
  },
  {
    ...{ shown: 'leaving', path: '/products/new', as: 'standard' },
    steps: [{ type: ['Name', 'Half a product'] }, { press: 'Cancel' }],
  },
];

const customerStates: readonly PageState[] = [
  { shown: 'customers-list', path: '/customers', as: 'administrator' },
  { shown: 'customers-masked', path: '/customers', as: 'standard' },
  {
    ...{ shown: 'customers-loading', path: '/customers', as: 'standard' },
    answers: { 'GET /customers': { isLate: true } },
  },
  {
    ...{ shown: 'customers-failed', path: '/customers', as: 'standard' },
    answers: { 'GET /customers': broken },
  },
  {
    ...{ shown: 'customers-empty', path: '/customers', as: 'standard' },
    answers: { 'GET /customers': page([]) },
  },
  {
    ...{ shown: 'customers-no-match', path: '/customers?q=zzz', as: 'standard' },
    answers: { 'GET /customers': page([]) },
  },
  {
    ...{ shown: 'customers-none-so-far', path: '/customers?q=zzz', as: 'standard' },
    answers: { 'GET /customers': noneSoFar },
  },
  { shown: 'customer-shown', path: `/customers/${customerId}`, as: 'administrator' },
  {
    ...{ shown: 'customer-masked', path: `/customers/${customerId}`, as: 'standard' },
    answers: { 'GET /customers/{id}': { body: maskedCustomer } },
  },
  {
    ...{ shown: 'customer-loading', path: `/customers/${customerId}`, as: 'standard' },
    answers: { 'GET /customers/{id}': { isLate: true } },
  },
  {
    ...{ shown: 'customer-failed', path: `/customers/${customerId}`, as: 'standard' },
    answers: { 'GET /customers/{id}': broken },
  },
  {
    ...{ shown: 'customer-missing', path: `/customers/${customerId}`, as: 'standard' },
    answers: { 'GET /customers/{id}': missing },
  },
];

const answerState = (shown: string, answer: ScriptedAnswer): PageState => ({
  ...{ shown, path: `/ask/${questionId}`, as: 'standard' },
  answers: { 'GET /ai/query/{id}': answer },
});

const askStates: readonly PageState[] = [
  { shown: 'ask', path: `/ask?customer=${customerId}`, as: 'standard' },
  { shown: 'asked-list', path: '/ask', as: 'standard' },
  {
    ...{ shown: 'asked-loading', path: '/ask', as: 'standard' },
    answers: { 'GET /ai/queries': { isLate: true } },
  },
  {
    ...{ shown: 'asked-failed', path: '/ask', as: 'standard' },
    answers: { 'GET /ai/queries': broken },
  },
  {
    ...{ shown: 'asked-empty', path: '/ask', as: 'standard' },
    answers: { 'GET /ai/queries': page([]) },
  },
  {
    ...{ shown: 'ask-refused', path: '/ask', as: 'standard' },
    answers: {
      'POST /ai/query': problem(
        429,
        'Too many requests',
        'Your tokens for today are used up. Ask again tomorrow (UTC).',
      ),
    },
    steps: [{ type: ['Question', 'Who buys bearings?'] }, { press: 'Ask' }],
  },
  answerState('answer-given', { body: question }),
  answerState('answer-loading', { isLate: true }),
  answerState('answer-awaited', asked('running')),
  answerState(
    'answer-failed',
    asked('failed', { reason: 'The provider did not answer. Ask again.', endedAt: at }),
  ),
  answerState('answer-expired', asked('expired')),
  answerState('answer-unreadable', broken),
  answerState('answer-missing', missing),
];

const administrationStates: readonly PageState[] = [
  { shown: 'administrators-only', path: '/administration', as: 'standard' },
  { shown: 'sync-run', path: '/administration', as: 'administrator' },
  {
    ...{ shown: 'sync-loading', path: '/administration', as: 'administrator' },
    answers: { 'GET /salesforce/sync': { isLate: true } },
  },
  {
    ...{ shown: 'sync-none', path: '/administration', as: 'administrator' },
    answers: { 'GET /salesforce/sync': missing },
  },
  {
    ...{ shown: 'sync-unreadable', path: '/administration', as: 'administrator' },
    answers: { 'GET /salesforce/sync': broken },
  },
  {
    ...{ shown: 'sync-refused', path: '/administration', as: 'administrator' },
    answers: { 'GET /salesforce/sync': missing, 'POST /salesforce/sync': broken },
    steps: [{ press: 'Start a run' }],
  },
  { shown: 'people', path: '/administration/people', as: 'administrator' },
];

const sharedStates: readonly PageState[] = [
  {
    ...{ shown: 'session-ended', path: '/products', as: 'standard' },
    answers: { 'GET /products': { status: 401, body: { title: 'Unauthorized', status: 401 } } },
  },
  { shown: 'nothing-here', path: '/there/is/nothing', as: 'standard' },
  {
    ...{ shown: 'paused', path: '/products/new', as: 'standard' },
    answers: { 'POST /products': stopped },
    steps: [...typed, { press: 'Save product' }],
  },
  {
    ...{ shown: 'offline', path: '/products', as: 'standard' },
    answers: { 'GET /products': { isLost: true } },
  },
];

/**
 * Every page in every state that it can be in. The tests in a browser, the accessibility rules and
 * the pictures run from this list, and a test compares it with the marks (`data-shown`) in the
 * sources: a state that is not in the list fails.
 */
export const pageStates: readonly PageState[] = [
  ...openStates,
  ...productStates,
  ...customerStates,
  ...askStates,
  ...administrationStates,
  ...sharedStates,
];

/** The session that a tab has after a sign-in. */
const personNamed = (as: string) => ({
  ...{ id: '6f1d2c3b-1111-4222-8333-944455556666', name: as, email: `${as}@example.com` },
  groups: as === 'administrator' ? ['administrators'] : [],
});

export const script: SiteScript = {
  ...{ site: 'shop', states: pageStates, usualAnswers, personNamed },
  storageKey: 'quayside.session',
};
