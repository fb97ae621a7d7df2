// What the engine's CloudFront says with each file of a site, beside what the template asks for.
import { readFileSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import { isRecord, listAt } from '../../../responders/shared/json.ts';
import { borrowed, type Deployed, outputOf } from '../../support/engine/deployed.ts';
import { at, type Json } from '../../support/infra/synthesised.ts';

let cordon: Deployed;
beforeAll(async () => {
  cordon = await borrowed();
});

type Headers = Readonly<Record<string, unknown>>;

/** Asks as a viewer's request arrives: under the name of the distribution, and over TLS. */
const headersFrom = (host: string, path: string): Promise<Headers> =>
  new Promise((resolve, reject) => {
    const { hostname, port } = new URL(cordon.endpoint);
    const headers = { host, 'x-forwarded-proto': 'https' };
    request({ hostname, port, path, headers }, (answer) => {
      answer.resume();
      answer.once('end', () => resolve({ ':status': answer.statusCode, ...answer.headers }));
    })
      .once('error', reject)
      .end();
  });

const escaped = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);

/** A text of a template as a pattern: what CloudFormation fills in may be any name. */
const patternOf = (given: Json | undefined): RegExp => {
  const parts = typeof given === 'string' ? [given] : listAt(given, 'Fn::Join')[1];
  const texts: readonly unknown[] = Array.isArray(parts) ? parts : [];
  const pattern = texts.map((part) => (typeof part === 'string' ? escaped(part) : '[\\w.-]+'));
  return new RegExp(`^${pattern.join('')}$`);
};

/** What the template of a stack says about headers. */
const wantedBy = (stack: string): Readonly<Record<string, Json>> => {
  const text = readFileSync(join(cordon.assembly, `${stack}.template.json`), 'utf8');
  const resources = Object.values(at(JSON.parse(text), 'Resources') ?? {});
  const policy = resources.find(
    (resource) => at(resource, 'Type') === 'AWS::CloudFront::ResponseHeadersPolicy',
  );
  const config = at(policy, 'Properties', 'ResponseHeadersPolicyConfig');
  const security = at(config, 'SecurityHeadersConfig');
  const transport = at(security, 'StrictTransportSecurity');
  const others = listAt(config, 'CustomHeadersConfig.Items').flatMap((header) =>
    isRecord(header) ? [[String(header.Header).toLowerCase(), String(header.Value)]] : [],
  );
  return {
    ...Object.fromEntries(others),
    'x-content-type-options': 'nosniff',
    'x-frame-options': at(security, 'FrameOptions', 'FrameOption') ?? '',
    'referrer-policy': at(security, 'ReferrerPolicy', 'ReferrerPolicy') ?? '',
    'strict-transport-security':
      `max-age=${at(transport, 'AccessControlMaxAgeSec')}` +
      (at(transport, 'IncludeSubdomains') === true ? '; includeSubDomains' : ''),
    'content-security-policy': at(security, 'ContentSecurityPolicy', 'ContentSecurityPolicy') ?? '',
  };
};

it.each([
  ['CordonProtectedApp', 'PagesDomainName'],
  ['CordonConsole', 'ConsolePagesDomainName'],
])('each file of %s has the headers of its template', async (stack, output) => {
  const wanted = wantedBy(stack);
  expect(Object.keys(wanted).length).toBeGreaterThanOrEqual(10);
  const host = outputOf(cordon, output);
  for (const path of ['/', '/index.html', '/an/address/of/a/page', '/favicon.svg']) {
    const given = await headersFrom(host, path);
    expect([path, given[':status']]).toEqual([path, 200]);
    for (const [name, text] of Object.entries(wanted))
      expect([path, name, given[name]]).toEqual([
        path,
        name,
        expect.stringMatching(patternOf(text)),
      ]);
  }
});
