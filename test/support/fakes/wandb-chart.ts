/** `global.bucket` and `global.env` as the operator-wandb chart takes them. */
export interface ChartValues {
  readonly global: {
    readonly bucket?: {
      readonly provider: string;
      readonly name: string;
      readonly path?: string | null;
      readonly secret?: {
        readonly secretName: string;
        readonly accessKeyName: string;
        readonly secretKeyName: string;
      };
    };
    readonly env?: Readonly<
      Record<string, { readonly valueFrom: { readonly secretKeyRef: { readonly name: string; readonly key: string } } }>
    >;
  };
}

type Data = Readonly<Record<string, string>>;

/**
 * The environment of a W&B pod: what the chart writes from its values (its
 * bucket template, version 0.43), with the Secret's keys filled in and `$(VAR)`
 * expanded as the kubelet does: once, and only in what the manifest says.
 */
export function podEnvironment(values: ChartValues, secrets: Readonly<Record<string, Data>>): Data {
  const { bucket, env = {} } = values.global;
  const fromSecret = (name: string, key: string): string | undefined => secrets[name]?.[key];
  const known: Record<string, string> = {};
  if (bucket !== undefined) Object.assign(known, bucketEnvironment(bucket, fromSecret));
  for (const [name, { valueFrom }] of Object.entries(env)) {
    const { name: secret, key } = valueFrom.secretKeyRef;
    const value = fromSecret(secret, key);
    if (value === undefined) throw new Error(`the pod does not start: Secret ${secret} has no key ${key}`);
    // The user's own environment wins over what the chart computes.
    known[name] = value;
  }
  return known;
}

function bucketEnvironment(
  { provider, name, path, secret }: NonNullable<ChartValues['global']['bucket']>,
  fromSecret: (name: string, key: string) => string | undefined,
): Data {
  const known: Record<string, string> = { BUCKET_NAME: name, BUCKET_PATH: path ?? '' };
  const put = (variable: string, value: string | undefined): void => {
    if (value !== undefined) known[variable] = value;
  };
  if (secret !== undefined) {
    put('AZURE_STORAGE_KEY', fromSecret(secret.secretName, secret.accessKeyName));
    put('BUCKET_ACCESS_KEY', fromSecret(secret.secretName, secret.accessKeyName));
    put('BUCKET_SECRET_KEY', fromSecret(secret.secretName, secret.secretKeyName));
  }
  const scheme = provider === 'gcs' ? 'gs' : provider;
  const user = (scheme === 's3' || scheme === 'cw') && secret !== undefined;
  const credentials = user ? '$(BUCKET_ACCESS_KEY):$(BUCKET_SECRET_KEY)@' : '';
  const place = known['BUCKET_PATH'] === '' ? '$(BUCKET_NAME)' : '$(BUCKET_NAME)/$(BUCKET_PATH)';
  const url = expand(`${scheme}://${credentials}${place}`, known).replace(/\/$/, '');
  for (const variable of ['BUCKET', 'GORILLA_FILE_STORE', 'GORILLA_STORAGE_BUCKET']) known[variable] = url;
  return known;
}

/** The kubelet's expansion: `$(NAME)` of a known variable, `$$` for a dollar; the result is not looked at again. */
function expand(text: string, known: Data): string {
  return text.replace(/\$\$|\$\(([A-Za-z_][A-Za-z0-9_]*)\)/g, (whole, name: string | undefined) => {
    if (name === undefined) return '$';
    return known[name] ?? whole;
  });
}
