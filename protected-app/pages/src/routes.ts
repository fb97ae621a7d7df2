import type { RouteRecordRaw } from 'vue-router';
import SignInPage from './pages/SignInPage.vue';

export const pages: readonly RouteRecordRaw[] = [
  { path: '/', redirect: '/products' },
  { path: '/sign-in', component: SignInPage, meta: { title: 'Sign in', isOpen: true } },
  {
    path: '/forgotten',
    component: () => import('./pages/ForgottenPage.vue'),
    meta: { title: 'Forgot password', isOpen: true },
  },
  {
    path: '/products',
    component: () => import('./pages/ProductsPage.vue'),
    meta: { title: 'Products' },
  },
  {
    path: '/products/new',
    component: () => import('./pages/NewProductPage.vue'),
    meta: { title: 'New product' },
  },
  {
    path: '/products/:id',
    component: () => import('./pages/ProductPage.vue'),
    props: true,
    meta: { title: 'Product' },
  },
  {
    path: '/customers',
    component: () => import('./pages/CustomersPage.vue'),
    meta: { title: 'Customers' },
  },
  {
    path: '/customers/:id',
    component: () => import('./pages/CustomerPage.vue'),
    props: true,
    meta: { title: 'Customer' },
  },
  { path: '/ask', component: () => import('./pages/AskPage.vue'), meta: { title: 'Ask' } },
  {
    path: '/ask/:id',
    component: () => import('./pages/AnswerPage.vue'),
    props: true,
    meta: { title: 'Answer' },
  },
  {
    path: '/administration/:tab(sync|people)?',
    component: () => import('./pages/AdministrationPage.vue'),
    props: true,
    meta: { title: 'Administration' },
  },
  {
    path: '/:rest(.*)*',
    component: () => import('./pages/NothingHerePage.vue'),
    meta: { title: 'Not found' },
  },
];
