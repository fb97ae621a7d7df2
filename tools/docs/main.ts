import { readFileSync, writeFileSync } from 'node:fs';
import { fresh, pages } from './pages.ts';

for (const page of pages) {
  const old = readFileSync(page, 'utf8');
  const now = fresh(old);
  if (now !== old) writeFileSync(page, now);
  console.log(`${page}: ${now === old ? 'as it was' : 'printed anew'}`);
}
