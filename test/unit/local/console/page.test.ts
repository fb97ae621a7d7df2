import { expect, it } from 'vitest';
import { html, page, policy } from '../../../../local/console/html.ts';
import { consolePage } from '../../../../local/console/page.ts';
import { evil } from '../../../support/responders/report/samples.ts';

it.each(evil.map((text) => [JSON.stringify(text).slice(0, 40), text]))(
  'a mail that says %s is shown as text',
  (_name, text) => {
    const mails = [
      { file: 'x', from: 'x', to: 'x', subject: text, at: '2026-11-21T10:00:00Z', body: text },
    ];

    const made = consolePage({ endpoint: 'http://127.0.0.1:4566', incidents: [], mails });

    expect(made).not.toMatch(/<script|<img|onerror=[^a]|[\u202a-\u202e\u2066-\u2069]/);
    expect(made.match(/<\/style>/g)).toHaveLength(1);
  },
);

it('a piece stays a piece, a text becomes one', () => {
  expect(html`<p>${html`<b>x</b>`}${'<b>y</b>'}${1}</p>`.html).toBe(
    '<p><b>x</b>&lt;b&gt;y&lt;/b&gt;1</p>',
  );
});

it('the page allows one style and nothing else', () => {
  expect(policy).toMatch(
    /^default-src 'none'; style-src 'sha256-[\w+/=]{44}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'$/,
  );
  expect(page('t', html`x`)).not.toContain('<script');
});
