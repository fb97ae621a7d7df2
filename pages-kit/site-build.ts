import { join } from 'node:path';
import vue from '@vitejs/plugin-vue';
import type { UserConfig } from 'vite';

/** How every site is built; the build hands in `--outDir` (`tools/pages/main.ts`). */
export const siteBuild = (root: string): UserConfig => ({
  root,
  plugins: [vue()],
  resolve: { alias: { '@kit': join(import.meta.dirname, 'src') } },
  build: {
    target: 'es2023',
    // Everything that may be kept for ever has its hash in its name, and stands in this folder.
    assetsDir: 'assets',
    // A file inside another one would be a data address, which the policy allows to images only.
    assetsInlineLimit: 0,
    cssCodeSplit: false,
    manifest: true,
    modulePreload: { polyfill: false },
    sourcemap: false,
    emptyOutDir: true,
  },
  define: { __VUE_OPTIONS_API__: 'false', __VUE_PROD_DEVTOOLS__: 'false' },
});
