/** Methods of the browsers' requests: reads, and uploads by pre-signed URLs. */
const METHODS = ['GET', 'HEAD', 'PUT'] as const;
const MAX_AGE_SECONDS = 3000;

/** A CORS rule of the S3 API. */
export function s3CorsRule(origin: string) {
  return {
    AllowedOrigins: [origin],
    AllowedMethods: METHODS,
    AllowedHeaders: ['*'],
    ExposeHeaders: ['ETag'],
    MaxAgeSeconds: MAX_AGE_SECONDS,
  };
}

/** A CORS rule of Google Cloud Storage, which has one list of headers for both requests and answers. */
export function gcsCorsRule(origin: string) {
  return {
    origin: [origin],
    method: METHODS,
    responseHeader: ['Content-Type', 'Content-MD5', 'ETag'],
    maxAgeSeconds: MAX_AGE_SECONDS,
  };
}

/** A CORS rule of Azure's Blob service, in the names of its CLI. It belongs to the whole storage account. */
export function azureCorsRule(origin: string) {
  return {
    AllowedOrigins: [origin],
    AllowedMethods: METHODS,
    AllowedHeaders: ['*'],
    ExposedHeaders: ['ETag'],
    MaxAgeInSeconds: MAX_AGE_SECONDS,
  };
}

/** The arguments of `az storage cors add` after the account; `origin` as it is to stand in the command. */
export function azureCorsArguments(origin: string): string {
  return `--services b --origins ${origin} --methods ${METHODS.join(' ')} --allowed-headers '*' --exposed-headers ETag --max-age ${MAX_AGE_SECONDS}`;
}

/** The rule in general terms, for every provider. */
export function corsInWords(origin: string): string {
  return `origin ${origin}, methods ${METHODS.join(' ')}, headers *, exposed headers ETag, max age ${MAX_AGE_SECONDS}`;
}
