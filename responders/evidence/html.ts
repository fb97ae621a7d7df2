import { createHash } from 'node:crypto';
import { escapeHtml, type Html, htmlTag } from '../shared/html.ts';
import { printable } from '../shared/printable.ts';
import { pageStyle } from './page-style.ts';

const longest = 400;

/** Whatever an attacker wrote: one line with nothing hidden in it, capped, escaped. */
const safe = (text: string): string => escapeHtml(printable(text, longest));

/** Markup with values in it: `` html`<p>${name}</p>` ``. */
export const html = htmlTag(safe);

/**
 * For names that Cordon chose: they break behind their punctuation before they break anywhere. What
 * an attacker wrote adds no tag, not even this.
 */
export const breakable = (text: string): Html => ({
  html: safe(text).replaceAll(/[:/.-](?=\w)/g, '$&<wbr>'),
});

const styleHash = createHash('sha256').update(pageStyle).digest('base64');

const contentSecurityPolicy = [
  "default-src 'none'",
  `style-src 'sha256-${styleHash}'`,
  "base-uri 'none'",
  "form-action 'none'",
].join('; ');

/** A whole page. It has no scripts and loads nothing, so it works from a folder and on paper. */
export const page = (title: string, body: Html): string =>
  `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${contentSecurityPolicy}">
<meta name="referrer" content="no-referrer">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${safe(title)}</title>
<style>${pageStyle}</style>
</head>
<body>
<a class="skip" href="#content">Skip to the content</a>
<main id="content">
${body.html}
</main>
</body>
</html>
`;
