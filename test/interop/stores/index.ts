import { startCephRgwStore } from './ceph-rgw.ts';
import { startMinioBehindNginxStore } from './minio-behind-nginx.ts';
import { startMinioStore } from './minio.ts';
import { startMotoStore } from './moto.ts';
import { startSeaweedfsStore } from './seaweedfs.ts';
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
} as const satisfies Readonly<Record<string, () => Promise<Store>>>;

export type StoreName = keyof typeof STORES;
