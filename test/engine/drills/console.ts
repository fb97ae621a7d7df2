import { request } from 'node:http';

/**
 * One request to the console under any name and by any method, as a page of another site might make
 * it.
 */
export const asked = (
  url: string,
  {
    host,
    method = 'GET',
    path = '/',
    headers = {},
  }: {
    readonly host?: string;
    readonly method?: string;
    readonly path?: string;
    readonly headers?: Readonly<Record<string, string>>;
  },
): Promise<{
  readonly status: number;
  readonly type: string;
  readonly policy: string;
  readonly body: string;
}> =>
  new Promise((resolve, reject) => {
    const { hostname, port, host: own, pathname } = new URL(url);
    request(
      {
        hostname,
        port,
        path: `${pathname}${path.slice(1)}`,
        method,
        agent: false,
        headers: { host: host ?? own, ...headers },
      },
      (answer) => {
        let body = '';
        answer.setEncoding('utf8').on('data', (text: string) => (body += text));
        const { 'content-type': type = '', 'content-security-policy': policy = '' } =
          answer.headers;
        answer.on('end', () =>
          resolve({ status: answer.statusCode ?? 0, type, policy: String(policy), body }),
        );
      },
    )
      .on('error', reject)
      .end();
  });
