import { createPublicKey } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import {
  GCS_PERMISSIONS,
  NEW_BUCKET,
  type GcsBucketSettings,
  type GcsCorsRule,
  type GcsPermission,
  type GcsRequestSeen,
  type GcsState,
} from './gcs-state.ts';
import type { GcsStore } from './gcs-store.ts';

/** What an administrator of the gate may ask for, by name: argument and answer are JSON. */
export interface GcsCommands {
  addAccount: (account: { readonly email: string; readonly publicKey: string }) => void | Promise<void>;
  createBucket: (what: { readonly bucket: string }) => void | Promise<void>;
  setPermissions: (what: {
    readonly bucket: string;
    readonly email: string;
    readonly permissions: readonly GcsPermission[];
  }) => void | Promise<void>;
  setCors: (what: { readonly bucket: string; readonly cors: readonly GcsCorsRule[] }) => void | Promise<void>;
  setPublic: (what: { readonly bucket: string; readonly isPublic: boolean }) => void | Promise<void>;
  /** Replaces the settings of the bucket's metadata; what is left out is as in a bucket without it. */
  setSettings: (what: { readonly bucket: string; readonly settings: GcsBucketSettings }) => void | Promise<void>;
  putObject: (what: { readonly bucket: string; readonly key: string; readonly body: string }) => void | Promise<void>;
  /** `key generation`, sorted: for "nothing left behind" and "nothing else touched". */
  listEverything: (what: { readonly bucket: string }) => readonly string[] | Promise<readonly string[]>;
  /** What reached the gate so far, for one bucket or all. */
  requests: (what: { readonly bucket?: string }) => readonly GcsRequestSeen[] | Promise<readonly GcsRequestSeen[]>;
}

/** Lets other processes (test files, the demo) administer the gate: `POST /_gate/<command>`. */
export function createGcsAdmin(state: GcsState, store: GcsStore): Server {
  const commands = { ...commandsOf(state, store) } as Readonly<Record<string, (what: never) => unknown>>;
  return createServer((request, response) => {
    void (async () => {
      const command = commands[(request.url ?? '').replace('/_gate/', '')];
      if (command === undefined) return response.writeHead(404).end();
      try {
        const chunks: Uint8Array[] = [];
        for await (const chunk of request) chunks.push(chunk as Uint8Array);
        const answer = await command(JSON.parse(Buffer.concat(chunks).toString('utf8')) as never);
        return response.end(JSON.stringify(answer ?? null));
      } catch (error) {
        return response.writeHead(500).end(String(error));
      }
    })();
  });
}

function commandsOf(state: GcsState, store: GcsStore): GcsCommands {
  const bucketOf = (bucket: string) => {
    const known = state.buckets.get(bucket);
    if (known === undefined) throw new Error(`no bucket ${bucket}`);
    return known;
  };
  return {
    addAccount: ({ email, publicKey }) => void state.accounts.set(email, createPublicKey(publicKey)),
    async createBucket({ bucket }) {
      await store.createBucket(bucket);
      state.buckets.set(bucket, { grants: new Map(), cors: [], isPublic: false, settings: NEW_BUCKET });
    },
    setPermissions: ({ bucket, email, permissions }) => {
      const unknown = permissions.filter((one) => !GCS_PERMISSIONS.includes(one));
      if (unknown.length > 0) throw new Error(`unknown permissions: ${unknown.join(', ')}`);
      bucketOf(bucket).grants.set(email, new Set(permissions));
    },
    setCors: ({ bucket, cors }) => void (bucketOf(bucket).cors = cors),
    setPublic: ({ bucket, isPublic }) => void (bucketOf(bucket).isPublic = isPublic),
    setSettings: ({ bucket, settings }) => void (bucketOf(bucket).settings = settings),
    async putObject({ bucket, key, body }) {
      await store.put(bucket, key, { body: Buffer.from(body), contentType: 'text/plain' });
    },
    async listEverything({ bucket }) {
      const { items = [] } = await store.list(bucket, new URLSearchParams());
      return (items as readonly { name: string; generation: string }[])
        .map(({ name, generation }) => `${name} ${generation}`)
        .sort();
    },
    requests: ({ bucket }) => state.seen.filter(({ path }) => bucket === undefined || path.split('/').includes(bucket)),
  };
}
