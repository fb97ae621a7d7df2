import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { extname, join, normalize } from 'node:path';
import { gzipSync } from 'node:zlib';
import { consolePageRights } from '../../infra/console/page-rights.ts';
import { contentSecurityPolicyOf, otherHeaders } from '../../infra/shared/page-policy.ts';
import type { SiteName } from '../pages/sites.ts';

const types: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
};

const rights: Readonly<Record<SiteName, Parameters<typeof contentSecurityPolicyOf>[0]>> = {
  shop: {},
  kit: {},
  console: consolePageRights({
    outputs: { EvidenceBucketName: 'evidence', DrillEvidenceBucketName: 'drill-evidence' },
  }),
};

/** As a deployment in us-east-1 has it; the template names region and domain by references. */
const policyOf = (site: SiteName): string =>
  contentSecurityPolicyOf(rights[site])
    .replaceAll(/\$\{Token\[AWS\.Region[^}]*\}/g, 'us-east-1')
    .replaceAll(/\$\{Token\[[^}]*\}/g, 'amazonaws.com');

export interface SiteServer {
  readonly url: string;
  stop(): Promise<void>;
}

const config = {
  ...{ api: '/v1', userPoolId: 'us-east-1_Pictures', userPoolClientId: 'pictures' },
  ...{ cognito: '/cognito/', evidence: '/evidence-links/' },
};

const fileFor = (folder: string, path: string): { readonly file: string; body: Buffer } => {
  const file = normalize(path).replace(/^\/+/, '');
  try {
    return { file, body: readFileSync(join(folder, file)) };
  } catch {
    return { file: 'index.html', body: readFileSync(join(folder, 'index.html')) };
  }
};

/**
 * Serves a built site alone, with the policies of its distribution, for pictures and for tests in
 * which the answers of the API are written down. Of the API it answers only what is given by path,
 * for example `/v1/products`; with the cursor that is asked for where the answer is a function.
 */
export const serveSite = async (
  folder: string,
  site: SiteName,
  answers: ReadonlyMap<string, unknown> = new Map(),
): Promise<SiteServer> => {
  const policy = policyOf(site);
  const packed = new Map<string, Buffer>();
  const server = createServer((request, response) => {
    const { pathname, search, searchParams } = new URL(request.url ?? '/', 'http://localhost');
    const given = pathname === '/config.json' ? config : answers.get(pathname);
    const own = typeof given === 'function' ? given(searchParams.get('cursor')) : given;
    const { file, body } =
      own === undefined
        ? fileFor(folder, pathname)
        : { file: 'answer.json', body: Buffer.from(JSON.stringify(own)) };
    response.writeHead(200, {
      'content-type': types[extname(file)] ?? 'application/octet-stream',
      'content-encoding': 'gzip', // as the distribution does
      'content-security-policy': policy,
      ...otherHeaders,
      'cache-control': file.startsWith('assets/') ? 'max-age=31536000, immutable' : 'no-cache',
    });
    const sent = packed.get(pathname + search) ?? gzipSync(body);
    packed.set(pathname + search, sent);
    response.end(sent);
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    url: `http://shop.localhost:${port}`,
    stop: async () => {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
};
