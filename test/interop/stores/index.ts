import { startCephRgwStore } from './ceph-rgw.ts';
import { startMinioBehindNginxStore } from './minio-behind-nginx.ts';
import { startMinioStore } from './minio.ts';
import { startMotoStore } from './moto.ts';
import { startSeaweedfsStore } from './seaweedfs.ts';
import { startStorageTestbenchStore } from './storage-testbench.ts';
import { startVersitygwStore } from './versitygw.ts';
import type { Store } from './store.ts';

/** The stores, by the name that the command takes, in the order of the table. */
export const STORES = {
  minio: startMinioStore,
  'minio-behind-nginx': startMinioBehindNginxStore,
  rgw: startCephRgwStore,
  seaweedfs: startSeaweedfsStore,
  versitygw: startVersitygwStore,
  moto: startMotoStore,
  'storage-testbench': startStorageTestbenchStore,
} as const satisfies Readonly<Record<string, () => Promise<Store>>>;

/** In no registry of packages, and so not in every run: it is fetched from GitHub when it is named. */
const BY_NAME_ONLY: readonly StoreName[] = ['storage-testbench'];

/** What a run without names takes. */
export const REGULAR_STORES = (Object.keys(STORES) as readonly StoreName[]).filter(
  (name) => !BY_NAME_ONLY.includes(name),
);

export type StoreName = keyof typeof STORES;
