import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { debianVersion, installDebian } from '../../../scripts/tools/debian.ts';
import { createPki } from '../../net/servers.ts';
import { freePorts, startProcess, temporaryFolder, untilReady } from '../../servers/process.ts';
import { MINIO_LACKS, minioServer, startMinioServer } from './minio.ts';
import { createS3Store } from './s3-store.ts';
import type { ProxySetting, Store } from './store.ts';

const DOMAIN = 'front.test';
/** Longer than the operator warns of its end. */
const LASTING_SECONDS = 365 * 24 * 3600;

/** What a server of nginx says beyond what all of them say; `faithful` says nothing. */
const SETTINGS: Readonly<Record<ProxySetting, string>> = {
  faithful: '',
  'host rewritten': 'proxy_set_header Host $proxy_host;',
  'host without port': 'proxy_set_header Host $host;',
  // nginx's own default.
  'body limit': 'client_max_body_size 1m;',
  'doubled CORS': "add_header Access-Control-Allow-Origin '*' always;",
  'missing intermediate': '',
  'refuses uploads': 'if ($request_method = PUT) { return 403; }',
};
const NAMES = Object.keys(SETTINGS) as readonly ProxySetting[];

/** MinIO behind an nginx with TLS, whose certificate comes from an intermediate of a private CA. */
export async function startMinioBehindNginxStore(): Promise<Store> {
  installDebian({ nginx: 'nginx-light' });
  const minio = await startMinioServer([DOMAIN]);
  const folder = temporaryFolder('byob-nginx-');
  const caBundle = await writeCertificates(folder);
  const ports = await freePorts(NAMES.length);
  const portOf = (name: ProxySetting): number => ports[NAMES.indexOf(name)] ?? 0;
  const servers = NAMES.map((name) => serverOf(name, portOf(name), { folder, upstream: minio.endpoint }));
  writeFileSync(join(folder, 'nginx.conf'), configOf(folder, servers));
  const logFile = join(folder, 'nginx.log');
  const nginx = startProcess({
    name: 'nginx',
    command: '/usr/sbin/nginx',
    args: ['-p', folder, '-c', join(folder, 'nginx.conf'), '-e', 'stderr'],
    logFile,
  });
  // A plain request at a port with TLS is a 400 of nginx.
  await untilReady(nginx, logFile, async () => (await fetch(`http://127.0.0.1:${portOf('faithful')}`)).status === 400);
  const server = minioServer(minio);
  return createS3Store({
    ...server,
    title: 'MinIO behind nginx',
    version: `${server.version}, nginx ${debianVersion('nginx')}`,
    origin: 'Go module, Debian package',
    lacks: MINIO_LACKS,
    baseline: {
      VersioningEnabled: 'VersioningDisabled',
      EndpointPublic: 'EndpointNotPublic',
      CaKnownToServer: 'CaPrivate',
    },
    endpoint: ({ through }) => ({ scheme: 'https', host: DOMAIN, port: portOf(through ?? 'faithful') }),
    caBundle,
    async stop() {
      await nginx.stop();
      await minio.stop();
      rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
    },
  });
}

/** Files of the certificate with and without its intermediate; returns the CA at the root. */
async function writeCertificates(folder: string): Promise<string> {
  const pki = await createPki();
  const root = pki.ca();
  const intermediate = pki.issuingCa('intermediate');
  const { cert, key } = pki.issue({ hosts: `${DOMAIN},*.${DOMAIN}`, ca: 'intermediate', until: LASTING_SECONDS });
  writeFileSync(join(folder, 'leaf.pem'), cert);
  writeFileSync(join(folder, 'chain.pem'), `${cert}${intermediate}`);
  writeFileSync(join(folder, 'key.pem'), key, { mode: 0o600 });
  return root;
}

function serverOf(
  name: ProxySetting,
  port: number,
  at: { readonly folder: string; readonly upstream: string },
): string {
  const { folder, upstream } = at;
  const certificate = name === 'missing intermediate' ? 'leaf.pem' : 'chain.pem';
  const says = SETTINGS[name];
  return `server {
    listen 127.0.0.1:${port} ssl;
    ssl_certificate ${folder}/${certificate};
    ssl_certificate_key ${folder}/key.pem;
    ${says.includes('client_max_body_size') ? '' : 'client_max_body_size 0;'}
    location / {
      ${says.includes('Host') ? '' : 'proxy_set_header Host $http_host;'}
      ${says}
      proxy_pass ${upstream};
    }
  }`;
}

/** Everything below the folder, and in the foreground. */
function configOf(folder: string, servers: readonly string[]): string {
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'];
  return `daemon off;
pid ${folder}/nginx.pid;
worker_processes 1;
${process.getuid?.() === 0 ? 'user root;' : ''}
events {}
http {
  access_log off;
  ${temporary.map((name) => `${name}_temp_path ${folder}/${name};`).join('\n  ')}
  large_client_header_buffers 4 32k;
  proxy_http_version 1.1;
  ${servers.join('\n  ')}
}
`;
}
