import { PROVIDERS } from '../bucket/providers.ts';
import type { BucketStorage } from '../bucket/storage.ts';

/** `storageBucket` of a SCIM group. */
export interface ScimBucket {
  readonly name: string;
  readonly provider: (typeof PROVIDERS)[BucketStorage['provider']]['scim'];
  readonly path?: string;
  readonly kmsKeyId?: string;
  readonly azureTenantId?: string;
  readonly azureClientId?: string;
}

/** A team as SCIM represents it: a group. */
export interface ScimTeam {
  readonly id: string;
  readonly displayName: string;
  /** Documented for requests only; used if a server returns it. */
  readonly storageBucket?: ScimBucket;
}

const GROUP_SCHEMA = 'urn:ietf:params:scim:schemas:core:2.0:Group';
const PATCH_SCHEMA = 'urn:ietf:params:scim:api:messages:2.0:PatchOp';

/**
 * The bucket in the form that W&B takes with a team. Azure: the account is the name and the container begins the path,
 * as in the chart (W&B documents no container field).
 */
export function scimBucket(storage: BucketStorage): ScimBucket {
  const base = { provider: PROVIDERS[storage.provider].scim, name: storage.name };
  const path = storage.path === '' ? {} : { path: storage.path };
  switch (storage.provider) {
    case 'S3':
      return { ...base, ...path, ...(storage.kmsKeyArn !== undefined && { kmsKeyId: storage.kmsKeyArn }) };
    case 'AzureBlob':
      return {
        ...base,
        name: storage.storageAccount,
        path: [storage.name, storage.path].filter((part) => part !== '').join('/'),
        ...(storage.actAs !== undefined && {
          azureTenantId: storage.actAs.tenantId,
          azureClientId: storage.actAs.clientId,
        }),
      };
    default:
      return { ...base, ...path };
  }
}

/** Whether two descriptions are the same place. W&B may add a slash or leave the path out. */
export function isSameBucket(left: ScimBucket, right: ScimBucket): boolean {
  const place = ({ provider, name, path = '' }: ScimBucket): string =>
    [provider, name, path.replace(/^\/+|\/+$/g, '')].join('\n');
  return place(left) === place(right);
}

/** `AWS bucket/path`, for display. */
export function bucketText({ provider, name, path }: ScimBucket): string {
  return `${provider} ${name}${path === undefined || path === '' ? '' : `/${path}`}`;
}

/** Body of `POST /scim/Groups`. */
export function createTeamBody(team: {
  readonly name: string;
  readonly members: readonly string[];
  readonly bucket: ScimBucket | undefined;
}): unknown {
  return {
    schemas: [GROUP_SCHEMA],
    displayName: team.name,
    members: team.members.map((value) => ({ value })),
    ...(team.bucket !== undefined && { storageBucket: team.bucket }),
  };
}

/** Body of `PATCH /scim/Users/{id}` that makes a user an administrator of a team. */
export function teamAdminBody(team: string): unknown {
  const value = [{ roleName: 'admin', teamName: team }];
  return { schemas: [PATCH_SCHEMA], Operations: [{ op: 'replace', path: 'teamRoles', value }] };
}

/** `displayName eq "x"`: the only filter on groups that W&B supports. */
export function groupFilter(name: string): string {
  return `displayName eq "${name}"`;
}

export function userFilter(name: string): string {
  return `${name.includes('@') ? 'emails.value' : 'userName'} eq "${name}"`;
}

/** Reads a team from an answer; `undefined` if it is none. */
export function readTeam(value: unknown): ScimTeam | undefined {
  const { id, displayName, storageBucket } = asObject(value);
  if (typeof id !== 'string' || typeof displayName !== 'string') return undefined;
  const bucket = readBucket(storageBucket);
  return { id, displayName, ...(bucket !== undefined && { storageBucket: bucket }) };
}

/** Members of a SCIM list; `undefined` if the answer is no list. */
export function readList(value: unknown): readonly unknown[] | undefined {
  const { Resources: resources, totalResults } = asObject(value);
  if (Array.isArray(resources)) return resources as readonly unknown[];
  return totalResults === 0 ? [] : undefined;
}

/** Reads a bucket from an answer of SCIM or GraphQL. */
export function readBucket(value: unknown): ScimBucket | undefined {
  const { name, provider, path } = asObject(value);
  if (typeof name !== 'string' || name === '' || !isProvider(provider)) return undefined;
  return { name, provider, ...(typeof path === 'string' && path !== '' && { path }) };
}

/** The members of an object; none for any other value. */
export function asObject(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : {};
}

function isProvider(value: unknown): value is ScimBucket['provider'] {
  return Object.values(PROVIDERS).some(({ scim }) => scim === value);
}
