import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runCommand } from './run-command.ts';

export interface Certificates {
  /** Of the authority that signed the server's. */
  readonly ca: string;
  readonly certificate: string;
  /** PKCS #8. */
  readonly key: string;
  /** Key and certificate in one file, as Kafka reads them. */
  readonly keyStore: string;
}

/** An authority of its own and a certificate for this machine's loopback, made once per directory. For tests alone. */
export async function makeCertificates(directory: string): Promise<Certificates> {
  const at = (name: string): string => join(directory, name);
  const made: Certificates = {
    ca: at('ca.pem'),
    certificate: at('server.pem'),
    key: at('server.key'),
    keyStore: at('server-store.pem'),
  };
  if (existsSync(made.keyStore)) return made;
  await mkdir(directory, { recursive: true });
  const openssl = (...args: string[]): Promise<string> => runCommand({ program: 'openssl', args });
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  await openssl(
    'req',
    '-x509',
    ...key,
    '-days',
    '365',
    '-subj',
    '/CN=ParkWise test authority',
    '-keyout',
    at('ca.key'),
    '-out',
    made.ca,
  );
  await openssl('req', ...key, '-subj', '/CN=localhost', '-keyout', made.key, '-out', at('server.csr'));
  await writeFile(at('server.ext'), 'subjectAltName=DNS:localhost,IP:127.0.0.1\nextendedKeyUsage=serverAuth\n');
  await openssl(
    'x509',
    '-req',
    '-in',
    at('server.csr'),
    '-CA',
    made.ca,
    '-CAkey',
    at('ca.key'),
    '-CAcreateserial',
    '-days',
    '365',
    '-extfile',
    at('server.ext'),
    '-out',
    made.certificate,
  );
  const parts = await Promise.all([made.key, made.certificate, made.ca].map((file) => readFile(file, 'utf8')));
  await writeFile(made.keyStore, parts.join(''));
  return made;
}
