import { randomBytes } from 'node:crypto';
import { createRequire } from 'node:module';
import { moduleVersion } from '../../../scripts/tools/module-version.ts';
import { azuriteTarget, createContainer, startAzurite } from '../../servers/azurite.ts';
import { corsFor, createGcsAccount, createGcsBucket, gcsTarget, startGcs, withForeignKey } from '../../servers/gcs.ts';
import { loopback } from '../stores/loopback.ts';
import { appOriginFor } from '../stores/origins.ts';
import type { Place } from '../stores/store.ts';
import { trialAt, type ClientCell } from './trials.ts';

/** An emulator of a cloud that does not speak S3, and buckets of it by the situation that they are in. */
export interface EmulatedCloud {
  readonly title: string;
  readonly version: string;
  readonly origin: string;
  readonly places: Readonly<Record<string, Place>>;
  stop(): Promise<void>;
}

const PATH = 'teams/omega';
const WAY = { net: loopback, appOrigin: appOriginFor('http') } as const;

/** Azurite. */
async function startAzure(): Promise<EmulatedCloud> {
  const azurite = await startAzurite();
  const container = `omega-${randomBytes(4).toString('hex')}`;
  await createContainer(azurite, container);
  const at = (name: string, changes: { readonly accountKey?: string } = {}): Place => ({
    ...azuriteTarget(azurite, name, { path: PATH, ...changes }),
    ...WAY,
  });
  const { version } = createRequire(import.meta.url)('azurite/package.json') as { readonly version: string };
  return {
    title: 'Azurite',
    version,
    origin: 'npm',
    places: {
      'a path': at(container),
      'a wrong secret key': at(container, { accountKey: randomBytes(64).toString('base64') }),
      'a bucket that does not exist': at('no-such-container'),
    },
    stop: () => azurite.stop(),
  };
}

/** fake-gcs-server behind a gate of ours, which checks signatures and permissions. */
async function startGoogle(): Promise<EmulatedCloud> {
  const gcs = await startGcs();
  const account = await createGcsAccount(gcs);
  const cors = [corsFor(WAY.appOrigin)];
  const bucket = await createGcsBucket(gcs, { account, cors });
  const readOnly = await createGcsBucket(gcs, {
    account,
    cors,
    permissions: ['storage.objects.get', 'storage.objects.list', 'storage.buckets.get'],
  });
  const at = (name: string, who = account): Place => ({
    ...gcsTarget(gcs, { bucket: name, path: PATH, account: who }),
    ...WAY,
  });
  return {
    title: 'fake-gcs-server',
    version: moduleVersion('fake-gcs-server', 'github.com/fsouza/fake-gcs-server'),
    origin: 'Go module',
    places: {
      'a path': at(bucket),
      'a read-only key': at(readOnly),
      'a wrong secret key': at(bucket, await withForeignKey(account)),
      'a bucket that does not exist': at('no-such-bucket'),
    },
    stop: () => gcs.stop(),
  };
}

/** The emulators, by the name that the command takes. */
export const EMULATED_CLOUDS = { azurite: startAzure, gcs: startGoogle } as const;
export type CloudName = keyof typeof EMULATED_CLOUDS;

/** Lets W&B's client use each place of an emulator. */
export async function tryCloud(
  { places }: EmulatedCloud,
  report: (cell: ClientCell) => void,
): Promise<readonly ClientCell[]> {
  const cells: ClientCell[] = [];
  for (const [id, place] of Object.entries(places)) {
    const cell = await trialAt(id, place);
    cells.push(cell);
    report(cell);
  }
  return cells;
}
