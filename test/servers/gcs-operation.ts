import type { GcsApi } from './gcs-answers.ts';
import type { GcsPermission } from './gcs-state.ts';

/** What a request asks for. */
export interface GcsOperation {
  readonly api: GcsApi;
  readonly action: 'list' | 'create' | 'begin' | 'read' | 'remove' | 'describe' | 'testPermissions' | 'preflight';
  /** What it takes; absent for what anybody may ask. */
  readonly permission?: GcsPermission;
  readonly bucket: string;
  /** Absent for the bucket itself. */
  readonly key?: string;
  /** Generation that the object must have; `0` for none. */
  readonly condition?: string;
}

type Action = Exclude<GcsOperation['action'], 'preflight'>;

const PERMISSIONS: Readonly<Record<Exclude<Action, 'testPermissions'>, GcsPermission>> = {
  list: 'storage.objects.list',
  create: 'storage.objects.create',
  begin: 'storage.objects.create',
  read: 'storage.objects.get',
  remove: 'storage.objects.delete',
  describe: 'storage.buckets.get',
};

const XML_ACTIONS: Readonly<Record<string, keyof typeof PERMISSIONS>> = {
  GET: 'read',
  HEAD: 'read',
  PUT: 'create',
  DELETE: 'remove',
};

/** The API's methods, as far as the gate serves them, each as `METHOD path`. */
const JSON_FORMS: readonly (readonly [RegExp, GcsApi, Action])[] = [
  [/^GET \/storage\/v1\/b\/([^/]+)\/o$/, 'json', 'list'],
  [/^POST \/upload\/storage\/v1\/b\/([^/]+)\/o$/, 'json', 'create'],
  [/^GET \/download\/storage\/v1\/b\/([^/]+)\/o\/([^/]+)$/, 'media', 'read'],
  [/^GET \/storage\/v1\/b\/([^/]+)$/, 'json', 'describe'],
  [/^GET \/storage\/v1\/b\/([^/]+)\/iam\/testPermissions$/, 'json', 'testPermissions'],
  [/^DELETE \/storage\/v1\/b\/([^/]+)\/o\/([^/]+)$/, 'json', 'remove'],
];

/** Reads a request of either API; `undefined` for what the gate does not serve. */
export function readOperation(method: string, path: string, query: string): GcsOperation | undefined {
  return /^\/((upload|download)\/)?storage\/v1\//.test(path) ? readJson(method, path, query) : readXml(method, path);
}

function readJson(method: string, path: string, query: string): GcsOperation | undefined {
  const parameters = new URLSearchParams(query);
  for (const [form, api, action] of JSON_FORMS) {
    const match = form.exec(`${method} ${path}`);
    if (match === null) continue;
    const isCreation = action === 'create';
    const bucket = decodeURIComponent(match[1] ?? '');
    const key = isCreation ? (parameters.get('name') ?? '') : match[2];
    const condition = parameters.get('ifGenerationMatch');
    return {
      api,
      action: isCreation && parameters.get('uploadType') === 'resumable' ? 'begin' : action,
      ...(action !== 'testPermissions' && { permission: PERMISSIONS[action] }),
      bucket,
      ...(key !== undefined && { key: isCreation ? key : decodeURIComponent(key) }),
      ...(condition !== null && { condition }),
    };
  }
  return undefined;
}

function readXml(method: string, path: string): GcsOperation | undefined {
  const [, bucket = '', object = ''] = /^\/([^/]+)(?:\/(.*))?$/.exec(path) ?? [];
  if (bucket === '') return undefined;
  const place = { api: 'xml', bucket: decodeURIComponent(bucket) } as const;
  const key = object === '' ? {} : { key: decodeURIComponent(object) };
  if (method === 'OPTIONS') return { ...place, ...key, action: 'preflight', permission: 'storage.buckets.get' };
  const action = object === '' ? (method === 'GET' ? 'list' : undefined) : XML_ACTIONS[method];
  return action === undefined ? undefined : { ...place, ...key, action, permission: PERMISSIONS[action] };
}
