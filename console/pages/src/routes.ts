import type { RouteRecordRaw } from 'vue-router';
import SignInPage from './pages/SignInPage.vue';

export const pages: readonly RouteRecordRaw[] = [
  { path: '/', redirect: '/now' },
  { path: '/sign-in', component: SignInPage, meta: { title: 'Sign in', isOpen: true } },
  { path: '/now', component: () => import('./pages/NowPage.vue'), meta: { title: 'Now' } },
  {
    path: '/q/:id',
    component: () => import('./pages/QuestionPage.vue'),
    props: true,
    meta: { title: 'Decide' },
  },
  {
    path: '/incidents',
    component: () => import('./pages/IncidentsPage.vue'),
    meta: { title: 'Incidents' },
  },
  {
    path: '/i/:id',
    component: () => import('./pages/IncidentPage.vue'),
    props: true,
    meta: { title: 'Incident' },
  },
  {
    path: '/i/:id/evidence',
    component: () => import('./pages/EvidencePage.vue'),
    props: true,
    meta: { title: 'Evidence' },
  },
  {
    path: '/i/:id/report',
    component: () => import('./pages/ReportPage.vue'),
    props: true,
    meta: { title: 'Report' },
  },
  {
    path: '/i/:id/timeline',
    component: () => import('./pages/TimelinePage.vue'),
    props: true,
    meta: { title: 'Timeline' },
  },
  { path: '/drills', component: () => import('./pages/DrillsPage.vue'), meta: { title: 'Drills' } },
  { path: '/policy', component: () => import('./pages/PolicyPage.vue'), meta: { title: 'Policy' } },
  { path: '/health', component: () => import('./pages/HealthPage.vue'), meta: { title: 'Health' } },
  { path: '/audit', component: () => import('./pages/AuditPage.vue'), meta: { title: 'Audit' } },
  {
    path: '/:rest(.*)*',
    component: () => import('./pages/NothingHerePage.vue'),
    meta: { title: 'Not found' },
  },
];
