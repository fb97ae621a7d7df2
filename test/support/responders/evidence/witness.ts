// A stand-in for a time stamping authority: "openssl ts -reply" with a certificate of its own, on
// the loopback.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo, Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { listenBeside } from '../../listen-beside.ts';

const settings = `[req]
distinguished_name=dn
x509_extensions=tsa
prompt=no
[dn]
CN=Witness
[tsa]
basicConstraints=CA:FALSE
keyUsage=critical,digitalSignature
extendedKeyUsage=critical,timeStamping
[authority]
default_tsa=one
[one]
serial=./serial
crypto_device=builtin
signer_cert=./witness.pem
signer_key=./witness.key
signer_digest=sha256
default_policy=1.2.3.4.1
digests=sha256
accuracy=secs:1
`;

const loopback = `[req]
distinguished_name=dn
x509_extensions=server
prompt=no
[dn]
CN=127.0.0.1
[server]
subjectAltName=IP:127.0.0.1
`;

export interface Witness {
  readonly url: string;
  /** Who calls it by HTTPS must trust this certificate. */
  readonly tlsCertificate: string;
  /** The file that "openssl ts -verify -CAfile" wants. */
  readonly certificate: string;
  /** Bodies of the questions that came. */
  readonly asked: readonly Buffer[];
  /** Changes what is answered from now on. */
  answers(change: (right: Buffer) => Buffer | number | null): void;
  stop(): void;
}

const listenAnywhere = async (server: Server): Promise<number> => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
};

export const openssl = (cwd: string, ...args: readonly string[]): string =>
  execFileSync('openssl', args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });

const certify = (home: string, name: string, config: string): void => {
  writeFileSync(join(home, `${name}.cnf`), config);
  const request = `req -x509 -newkey rsa:2048 -nodes -config ${name}.cnf -days 2 -keyout ${name}.key -out ${name}.pem`;
  openssl(home, ...request.split(' '));
};

/** With the endpoint of an engine, its functions reach it. */
export const startWitness = async ({
  https = false,
  endpoint,
}: {
  readonly https?: boolean;
  readonly endpoint?: string;
} = {}): Promise<Witness> => {
  const home = mkdtempSync(join(tmpdir(), 'cordon-witness-'));
  writeFileSync(join(home, 'serial'), '01');
  certify(home, 'witness', settings);
  certify(home, 'tls', loopback);
  const asked: Buffer[] = [];
  let change: (right: Buffer) => Buffer | number | null = (right) => right;
  const reply = (question: Buffer): Buffer => {
    writeFileSync(join(home, 'question.tsq'), question);
    openssl(
      home,
      ...'ts -reply -config witness.cnf -section one -queryfile question.tsq -out answer.tsr'.split(
        ' ',
      ),
    );
    return readFileSync(join(home, 'answer.tsr'));
  };
  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const question = Buffer.concat(await request.toArray());
    asked.push(question);
    const answer = change(reply(question));
    if (answer === null) return; // Hangs.
    if (typeof answer === 'number')
      return void response.writeHead(answer, { location: 'http://127.0.0.1:1/' }).end();
    response.writeHead(200, { 'content-type': 'application/timestamp-reply' }).end(answer);
  };
  const listener = (request: IncomingMessage, response: ServerResponse): void =>
    void serve(request, response);
  const keys = () => ({
    key: readFileSync(join(home, 'tls.key')),
    cert: readFileSync(join(home, 'tls.pem')),
  });
  const server = https ? createSecureServer(keys(), listener) : createServer(listener);
  const port = await (endpoint === undefined
    ? listenAnywhere(server)
    : listenBeside(server, endpoint));
  const stop = (): void => {
    server.closeAllConnections();
    server.close();
    rmSync(home, { recursive: true });
  };
  const answers: Witness['answers'] = (next) => {
    change = next;
  };
  const url = `${https ? 'https' : 'http'}://127.0.0.1:${port}/`;
  return {
    url,
    tlsCertificate: join(home, 'tls.pem'),
    certificate: join(home, 'witness.pem'),
    asked,
    answers,
    stop,
  };
};
