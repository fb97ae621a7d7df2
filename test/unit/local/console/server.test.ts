import { describe, expect, it } from 'vitest';
import { kindOf } from '../../../../local/console/server.ts';

const folder = 'incidents/2026/11/21/inc-20261121-7f3k2m8q/';

describe('an object of the evidence', () => {
  it('is a page if it is the folder’s own, and that page can run nothing', () => {
    const { type, csp } = kindOf(`${folder}index.html`);

    expect(type).toBe('text/html; charset=utf-8');
    const directives = (csp ?? '').split('; ');
    expect(directives).toEqual(
      expect.arrayContaining(['sandbox', "default-src 'none'", "form-action 'none'"]),
    );
    expect(csp).not.toMatch(/script-src|allow-/);
  });

  it('is a page if it is a report, which brings its own policy', () => {
    expect(kindOf(`${folder}report/v1.html`)).toEqual({
      type: 'text/html; charset=utf-8',
      csp: null,
    });
  });

  it.each([
    'function/index.html',
    'function/code/index.html',
    'function/report/v1.html',
    'index.htm',
    'xindex.html',
    'report/v3.html',
    'function/code.zip',
  ])('is text if it is %s', (path) => {
    expect(kindOf(`${folder}${path}`)).toEqual({ type: 'text/plain; charset=utf-8' });
  });
});
