import { nextTick } from 'vue';
import { createRouter, createWebHistory, type RouteRecordRaw, type Router } from 'vue-router';
import { pathAfter } from './session/path-after.ts';
import { useSession } from './session/session.ts';
import { site } from './site.ts';

declare module 'vue-router' {
  interface RouteMeta {
    /** What the tab of the browser says. */
    title: string;
    /** Everybody may open it. */
    isOpen?: boolean;
  }
}

/** The pages of a site, those behind the sign-in only for who is signed in. */
export const makeRouter = (pages: readonly RouteRecordRaw[]): Router => {
  const router = createRouter({
    history: createWebHistory(),
    routes: [...pages],
    // Query and fragment follow what a person does on a page, often only a moment later: by then
    // they may have gone on to another row, so the page stays where it is.
    scrollBehavior: (to, from, saved) => saved ?? (to.path === from.path ? false : { top: 0 }),
  });
  router.beforeEach((to) => {
    const { isSignedIn } = useSession();
    if (!to.meta.isOpen && !isSignedIn) return { path: '/sign-in', query: { to: to.fullPath } };
    return to.path === '/sign-in' && isSignedIn ? pathAfter(to.query.to) : true;
  });
  router.afterEach(async (to, from, failure) => {
    if (failure) return;
    document.title = `${to.meta.title} · ${site().name}`;
    if (to.path === from.path) return;
    await nextTick();
    // A screen reader begins to read at the heading of the new page.
    document.querySelector<HTMLElement>('h1')?.focus({ preventScroll: true });
  });
  // After a deployment an open page may ask for files that are gone: the new page has others.
  router.onError((error: unknown, to) => {
    const isGone = error instanceof TypeError && /module|import/i.test(error.message);
    if (isGone && navigator.onLine) location.assign(to.fullPath);
  });
  return router;
};
