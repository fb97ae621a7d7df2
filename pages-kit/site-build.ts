import { join } from 'node:path';
import vue from '@vitejs/plugin-vue';
import type { Plugin, UserConfig } from 'vite';

/** An enum as TypeScript writes it: a bundler has to think that filling it in does something. */
const writtenEnum = /^var (\w+);\n\(function \(\1\) \{\n([^{}]*)\}\)\(\1 \|\| \(\1 = \{\}\)\);$/gm;

/**
 * Amplify lists the errors of all operations of Cognito in enums, and we need a few of them. What
 * is marked as pure is left out where nobody uses it; what is used is the same as before.
 */
const unusedEnums: Plugin = {
  name: 'unused-enums',
  transform: (code, id) =>
    id.includes('/@aws-amplify/')
      ? code.replaceAll(
          writtenEnum,
          'var $1 = /* @__PURE__ */ (function ($1) {\n$2return $1;\n})({});',
        )
      : null,
};

/** How every site is built; the build hands in `--outDir` (`tools/pages/main.ts`). */
export const siteBuild = (root: string): UserConfig => ({
  root,
  plugins: [vue(), unusedEnums],
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
