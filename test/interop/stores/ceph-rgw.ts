import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { debianVersion, installDebian } from '../../../scripts/tools/debian.ts';
import { createPki } from '../../net/servers.ts';
import { freePorts, startProcess, temporaryFolder, untilReady, type ServerProcess } from '../../servers/process.ts';
import { createS3Store, newAccessKey } from './s3-store.ts';
import type { AccessKey, Store } from './store.ts';

const DOMAIN = 'rgw.test';
const REGION = 'us-east-1';
/** Longer than the operator warns of its end. */
const LASTING_SECONDS = 365 * 24 * 3600;

/** A Ceph cluster of one monitor and one store in memory, with the RADOS gateway before it, by TLS. */
export async function startCephRgwStore(): Promise<Store> {
  installDebian({ 'ceph-mon': 'ceph-mon', 'ceph-osd': 'ceph-osd', radosgw: 'radosgw', ceph: 'ceph-common' });
  const folder = temporaryFolder('byob-ceph-');
  const [monitor = 0, plain = 0, tls = 0] = await freePorts(3);
  const pki = await createPki();
  const caBundle = pki.ca();
  const { cert, key } = pki.issue({ hosts: `${DOMAIN},*.${DOMAIN}`, until: LASTING_SECONDS });
  const certificate = join(folder, 'rgw.pem');
  writeFileSync(certificate, `${cert}${key}`, { mode: 0o600 });
  const conf = join(folder, 'ceph.conf');
  const fsid = randomUUID();
  writeFileSync(conf, configOf({ folder, fsid, monitor, plain, tls, certificate }));
  for (const name of ['mon', 'osd', 'rgw']) mkdirSync(join(folder, name));
  const servers: ServerProcess[] = [];

  const call = (program: string, ...args: string[]): Promise<unknown> =>
    promisify(execFile)(program, ['-c', conf, ...args], { timeout: 60_000 });
  function start(program: string, name: string): { readonly server: ServerProcess; readonly logFile: string } {
    const logFile = join(folder, `${program}.log`);
    const server = startProcess({ name: program, command: program, args: ['-c', conf, '-n', name, '-f'], logFile });
    servers.push(server);
    return { server, logFile };
  }
  async function createUser() {
    const made = newAccessKey();
    await createRgwUser(call, made);
    return { key: made, principal: `arn:aws:iam:::user/${made.id}` };
  }
  async function stop() {
    await Promise.all(servers.map((server) => server.stop('SIGKILL')));
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  }

  try {
    await call('ceph-mon', '--mkfs', '-i', 'a', '--fsid', fsid);
    const mon = start('ceph-mon', 'mon.a');
    await untilReady(
      mon.server,
      mon.logFile,
      async () => (await call('ceph', 'quorum_status', '--connect-timeout=2'), true),
    );
    const disk = randomUUID();
    await call('ceph', 'osd', 'new', disk);
    await call('ceph-osd', '-i', '0', '--mkfs', '--osd-uuid', disk);
    start('ceph-osd', 'osd.0');
    const gateway = start('radosgw', 'client.rgw');
    const url = `http://127.0.0.1:${plain}`;
    await untilReady(gateway.server, gateway.logFile, async () => (await fetch(url)).ok, 120);
    const { key: root } = await createUser();
    return createS3Store({
      title: 'Ceph RGW',
      version: debianVersion('radosgw'),
      origin: 'Debian package',
      adminUrl: url,
      root,
      region: REGION,
      endpoint: () => ({ scheme: 'https', host: DOMAIN, port: tls }),
      caBundle,
      createUser,
      lacks: {
        regions: 'it takes any region',
        'a proxy': 'nothing stands before it',
      },
      // Release 16 refuses a whole policy for it.
      refusedActions: ['s3:GetEncryptionConfiguration'],
      baseline: {
        VersioningEnabled: 'VersioningDisabled',
        EndpointPublic: 'EndpointNotPublic',
        CaKnownToServer: 'CaPrivate',
      },
      exceptions: {
        'CORS for another origin': {
          verdict: ['CorsAllowsApp', 'CorsMissing'],
          remark: 'it answers a rule that does not match as it answers none',
        },
      },
      stop,
    });
  } catch (error) {
    await stop();
    throw error;
  }
}

async function createRgwUser(
  call: (program: string, ...args: string[]) => Promise<unknown>,
  { id, secret }: AccessKey,
) {
  const who = [`--uid=${id}`, `--display-name=${id}`, `--access-key=${id}`, `--secret-key=${secret}`];
  await call('radosgw-admin', 'user', 'create', ...who);
}

/** Everything on loopback, without users of the cluster itself, and nothing outside of the folder. */
function configOf(at: {
  readonly folder: string;
  readonly fsid: string;
  readonly monitor: number;
  readonly plain: number;
  readonly tls: number;
  readonly certificate: string;
}): string {
  const { folder, monitor } = at;
  return `[global]
fsid = ${at.fsid}
mon_initial_members = a
mon_host = v2:127.0.0.1:${monitor}/0
public_addr = 127.0.0.1
cluster_addr = 127.0.0.1
auth_cluster_required = none
auth_service_required = none
auth_client_required = none
run_dir = ${folder}
admin_socket = ${folder}/$name.asok
pid_file =
log_file =
log_to_stderr = true
err_to_stderr = true
crash_dir = ${folder}
setuser_match_path =
osd_pool_default_size = 1
osd_pool_default_min_size = 1
osd_pool_default_pg_num = 8
osd_crush_chooseleaf_type = 0
mon_allow_pool_size_one = true
[mon.a]
mon_data = ${folder}/mon
public_addr = v2:127.0.0.1:${monitor}/0
[osd.0]
osd_data = ${folder}/osd
osd_objectstore = memstore
memstore_device_bytes = 1073741824
[client.rgw]
# Without users there are no keys with which it could encrypt, as it would by itself.
ms_mon_client_mode = crc
rgw_data = ${folder}/rgw
rgw_dns_name = ${DOMAIN}
rgw_frontends = beast endpoint=127.0.0.1:${at.plain} ssl_endpoint=127.0.0.1:${at.tls} ssl_certificate=${at.certificate}
`;
}
