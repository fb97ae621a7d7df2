import { defineConfig } from 'vite';
import { siteBuild } from '../../pages-kit/site-build.ts';

export default defineConfig(siteBuild(import.meta.dirname));
