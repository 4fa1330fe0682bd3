/** Which of GCS's ways to answer: its JSON API, downloads of that, and the XML API. */
export type GcsApi = 'json' | 'media' | 'xml';

/** A request that GCS does not serve, in the words of both APIs. */
export interface Refusal {
  readonly status: number;
  /** Code of the XML API. */
  readonly code: string;
  /** Reason of the JSON API. */
  readonly reason: string;
  readonly message: string;
  readonly details?: string;
  readonly stringToSign?: string;
}

/** An answer on its way out. */
export interface GcsAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Uint8Array | string;
}

export function invalidCredentials(): Refusal {
  return { status: 401, code: 'AuthenticationRequired', reason: 'authError', message: 'Invalid Credentials' };
}

export function signatureMismatch(stringToSign: string): Refusal {
  return {
    status: 403,
    code: 'SignatureDoesNotMatch',
    reason: 'forbidden',
    message: 'Access denied.',
    details:
      'The request signature we calculated does not match the signature you provided. Check your Google secret key and signing method.',
    stringToSign,
  };
}

export function expired(at: Date): Refusal {
  const details = `Request signature expired at: ${at.toISOString()}`;
  return { status: 400, code: 'ExpiredToken', reason: 'invalid', message: 'Invalid argument.', details };
}

export function skewed(): Refusal {
  const message = 'The difference between the request time and the current time is too large.';
  return { status: 403, code: 'RequestTimeTooSkewed', reason: 'forbidden', message };
}

export function malformed(parameter: string): Refusal {
  const details = `${parameter} is malformed.`;
  return { status: 400, code: 'MalformedSecurityHeader', reason: 'invalid', message: 'Invalid argument.', details };
}

/** GCS asks those without a name to give one, on the JSON API, and says no to all others. */
export function denied(api: GcsApi, email: string | undefined, permission: string): Refusal {
  const who = email ?? 'Anonymous caller';
  const what = permission === 'storage.objects.list' ? 'bucket' : 'object';
  const details = `${who} does not have ${permission} access to the Google Cloud Storage ${what}. Permission '${permission}' denied on resource (or it may not exist).`;
  return email === undefined && api !== 'xml'
    ? { status: 401, code: 'AccessDenied', reason: 'required', message: details }
    : {
        status: 403,
        code: 'AccessDenied',
        reason: 'forbidden',
        message: api === 'xml' ? 'Access denied.' : details,
        details,
      };
}

export function noSuchBucket(): Refusal {
  const message = 'The specified bucket does not exist.';
  return { status: 404, code: 'NoSuchBucket', reason: 'notFound', message };
}

export function noSuchObject(api: GcsApi, bucket: string, key: string): Refusal {
  const details = `No such object: ${bucket}/${key}`;
  const message = api === 'xml' ? 'The specified key does not exist.' : details;
  return { status: 404, code: 'NoSuchKey', reason: 'notFound', message, details };
}

export function requesterPays(): Refusal {
  const message = 'Bucket is a requester pays bucket but no user project provided.';
  return { status: 400, code: 'UserProjectMissing', reason: 'required', message };
}

export function retained(key: string): Refusal {
  const message = `Object '${key}' is subject to bucket's retention policy or object retention and cannot be deleted or overwritten.`;
  return { status: 403, code: 'RetentionPolicyNotMet', reason: 'retentionPolicyNotMet', message };
}

export function held(key: string): Refusal {
  const message = `Object '${key}' is under active Event-Based hold and cannot be deleted, overwritten or archived until hold is removed.`;
  return { status: 403, code: 'ObjectUnderActiveHold', reason: 'objectUnderActiveHold', message };
}

export function conditionNotMet(): Refusal {
  const message = 'At least one of the pre-conditions you specified did not hold.';
  return { status: 412, code: 'PreconditionFailed', reason: 'conditionNotMet', message };
}

/** Gives a refusal the shape of the API that was asked; downloads are refused in plain words that call themselves HTML. */
export function refusal(api: GcsApi, why: Refusal): GcsAnswer {
  switch (api) {
    case 'json': {
      const { status: code, message, reason } = why;
      const location = code === 401 ? { locationType: 'header', location: 'Authorization' } : {};
      const error = { code, message, errors: [{ message, domain: 'global', reason, ...location }] };
      return json(code, { error });
    }
    case 'media':
      return { status: why.status, headers: { 'content-type': 'text/html; charset=UTF-8' }, body: why.message };
    case 'xml': {
      const details = why.details === undefined ? '' : `<Details>${escaped(why.details)}</Details>`;
      const signed = why.stringToSign === undefined ? '' : `<StringToSign>${escaped(why.stringToSign)}</StringToSign>`;
      return xml(
        why.status,
        `<Error><Code>${why.code}</Code><Message>${escaped(why.message)}</Message>${details}${signed}</Error>`,
      );
    }
  }
}

export function json(status: number, document: unknown): GcsAnswer {
  return { status, headers: { 'content-type': 'application/json; charset=UTF-8' }, body: JSON.stringify(document) };
}

export function xml(status: number, body: string): GcsAnswer {
  const headers = { 'content-type': 'application/xml; charset=UTF-8' };
  return { status, headers, body: `<?xml version='1.0' encoding='UTF-8'?>${body}` };
}

export function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
