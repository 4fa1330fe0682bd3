import { PutObjectCommand } from '@aws-sdk/client-s3';
import { listEverything as listAzure, serviceClient } from './azurite.ts';
import { createGcsAccount, createGcsBucket, corsFor, gcsAdmin } from './gcs.ts';
import { listEverything as listMinio, rootClient } from './minio.ts';
import { applySecret, applyStorage, minioBucket, requestValidation, rootKey, untilStorage } from './objects.ts';
import { newBucket, newContainer, sharedServers } from './shared.ts';

const ORIGIN = 'https://wandb.example.com';

/** Where the objects of a bucket are put and listed, whatever its provider. */
interface Place {
  readonly name: string;
  list(): Promise<readonly string[]>;
  put(key: string, body: string): Promise<void>;
  /** `spec.bucket` for a sub-path. */
  spec(path: string): Readonly<Record<string, unknown>>;
}

/** An InstanceStorage and many TeamStorages over buckets of all providers, which many of them share. */
export interface Fleet {
  readonly teams: readonly string[];
  /** Secrets that the storages use: data by name. */
  readonly secrets: Readonly<Record<'minio' | 'gcs' | 'azure', Readonly<Record<string, string>>>>;
  /** Everything in each bucket, by its name. */
  contents(): Promise<Readonly<Record<string, readonly string[]>>>;
  /** Puts objects of users into each bucket, also where they look like ours. */
  putUserObjects(): Promise<void>;
  /** Creates the Secrets, the InstanceStorage `wandb` and the teams in a namespace. */
  apply(namespace: string, options?: { readonly interval?: string }): Promise<void>;
}

/** Makes the buckets (two at each provider, and the instance's); nothing in the cluster yet. */
export async function createFleet(size: number): Promise<Fleet> {
  const { minio, azurite, gcs } = sharedServers();
  const account = await createGcsAccount(gcs);
  const places: Place[] = [];
  for (let index = 0; index < 2; index += 1) {
    places.push(minioPlace(await newBucket('fleet')));
    places.push(gcsPlace(await createGcsBucket(gcs, { account, prefix: 'fleet', cors: [corsFor(ORIGIN)] })));
    places.push(azurePlace(await newContainer('fleet')));
  }
  const instance = minioPlace(await newBucket('fleet-instance'));
  const teams = Array.from({ length: size }, (_, index) => `team-${String(index).padStart(2, '0')}`);
  const placeOf = (index: number): Place => places[index % places.length] ?? instance;
  const secrets = {
    minio: rootKey(minio),
    gcs: { 'key.json': account.keyFile },
    azure: { AZURE_STORAGE_KEY: azurite.accountKey },
  };
  const all = [...places, instance];

  return {
    teams,
    secrets,
    async contents() {
      return Object.fromEntries(await Promise.all(all.map(async (one) => [one.name, await one.list()] as const)));
    },
    async putUserObjects() {
      for (const place of all) {
        await place.put('runs/model.bin', 'a model');
        await place.put('.wandb-storage-probe/readme.txt', 'not of a probe');
        await place.put(`teams/${teams[0] ?? ''}/.wandb-storage-probe/somebody/data`, 'nor this');
      }
    },
    async apply(namespace, { interval } = {}) {
      const validation = interval === undefined ? {} : { validation: { interval } };
      for (const [name, data] of Object.entries(secrets)) await applySecret(namespace, name, data);
      await applyStorage(namespace, 'InstanceStorage', 'wandb', {
        deployment: { type: 'SelfManaged', cloud: 'OnPremises', url: ORIGIN },
        bucket: instance.spec('instance'),
        ...validation,
      });
      for (const [index, team] of teams.entries()) {
        // The last two share even the path: their probes are done once.
        const path = `teams/${index === size - 1 ? (teams[index - places.length] ?? team) : team}`;
        await applyStorage(namespace, 'TeamStorage', team, { team, bucket: placeOf(index).spec(path), ...validation });
      }
    },
  };
}

/** Waits until the whole fleet is Ready and published. */
export async function untilFleetReady(namespace: string, fleet: Fleet, seconds = 60): Promise<void> {
  const wanted = { ready: 'True', published: 'True' } as const;
  await untilStorage({ namespace, kind: 'InstanceStorage', name: 'wandb' }, wanted, seconds);
  for (const name of fleet.teams) await untilStorage({ namespace, kind: 'TeamStorage', name }, wanted, seconds);
}

/** Asks for a full validation of everything; the tokens that will be acknowledged, by name. */
export async function requestAll(namespace: string, fleet: Fleet): Promise<ReadonlyMap<string, string>> {
  const tokens = new Map<string, string>();
  tokens.set('wandb', await requestValidation(namespace, 'InstanceStorage', 'wandb'));
  for (const name of fleet.teams) tokens.set(name, await requestValidation(namespace, 'TeamStorage', name));
  return tokens;
}

/** Keys of probe objects in a listing that users did not put there. */
export function probeObjects(contents: Readonly<Record<string, readonly string[]>>): readonly string[] {
  const probe = /\.wandb-storage-probe\/[0-9a-f]{8}-[0-9a-f]{4}-/;
  return Object.entries(contents).flatMap(([bucket, lines]) =>
    lines.filter((line) => probe.test(line)).map((line) => `${bucket}: ${line}`),
  );
}

function minioPlace(bucket: string): Place {
  const { minio } = sharedServers();
  return {
    name: bucket,
    list: () => listMinio(minio, bucket),
    async put(key, body) {
      const client = rootClient(minio);
      await client.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: body }));
      client.destroy();
    },
    spec: (path) => minioBucket(minio, bucket, 'minio', { path }),
  };
}

function gcsPlace(bucket: string): Place {
  const { gcs } = sharedServers();
  return {
    name: bucket,
    list: () => gcsAdmin(gcs, 'listEverything', { bucket }),
    async put(key, body) {
      await gcsAdmin(gcs, 'putObject', { bucket, key, body });
    },
    spec: (path) => ({
      provider: 'GCS',
      name: bucket,
      path,
      gcs: { credentials: { serviceAccountKey: { secretRef: { name: 'gcs' } } } },
    }),
  };
}

function azurePlace(container: string): Place {
  const { azurite } = sharedServers();
  return {
    name: container,
    list: () => listAzure(azurite, container),
    async put(key, body) {
      const blob = serviceClient(azurite).getContainerClient(container).getBlockBlobClient(key);
      await blob.upload(body, Buffer.byteLength(body));
    },
    spec: (path) => ({
      provider: 'AzureBlob',
      name: container,
      path,
      azureBlob: {
        storageAccount: azurite.account,
        credentials: { accountKey: { secretRef: { name: 'azure' } } },
      },
    }),
  };
}
