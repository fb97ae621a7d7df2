// `npm run picture`: the picture of the report in README.md, from what `npm run preview` has made.
import { join } from 'node:path';
import { chromium } from 'playwright-core';

const root = join(import.meta.dirname, '../..');
const report = join(root, '.cordon/preview/report-final.html');
const target = join(root, 'docs/report.png');

const browser = await chromium.launch({
  executablePath: '/usr/bin/chromium',
  args: ['--no-sandbox'],
});
try {
  const page = await browser.newPage({ viewport: { width: 1_180, height: 820 } });
  await page.goto(`file://${report}`);
  await page.screenshot({ path: target });
} finally {
  await browser.close();
}
console.log(target);
