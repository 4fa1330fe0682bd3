import { describe, expect, it } from '@jest/globals';
import { s3 } from '../../../test/support/fakes/observations.ts';
import { scriptedNet, type ScriptedAnswer } from '../../../test/support/fakes/scripted-net.ts';
import { ok } from '../../base/result.ts';
import { createS3Client } from './s3-client.ts';

const ENDPOINT = 'https://s3.eu-central-1.amazonaws.com';
const ORIGIN = 'https://acme-wandb.s3.eu-central-1.amazonaws.com';
const KEYS = { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'secret', sessionToken: 'token' };
const { signal } = new AbortController();

function setUp(answer: ScriptedAnswer = { status: 200 }) {
  const { net, requests } = scriptedNet(() => answer);
  const session = { keys: () => Promise.resolve(ok(KEYS)), endsAt: () => undefined };
  return { client: createS3Client({ storage: s3, session, endpoint: ENDPOINT }, net.http), requests };
}

describe('the URL of a signed request', () => {
  it('encodes key and parameters as the signature does', async () => {
    const { client, requests } = setUp();
    const key = "teams/o me(ga)/it's~ä+=&?*!.json";
    await client.send({ method: 'GET', key, query: { 'start-after': key, uploads: '' } }, signal);
    const encoded = 'o%20me%28ga%29/it%27s~%C3%A4%2B%3D%26%3F%2A%21.json';
    const parameter = encoded.replace('/', '%2F');
    expect(requests[0]?.url).toBe(`${ORIGIN}/teams/${encoded}?start-after=teams%2F${parameter}&uploads=`);
    // What the connector makes of it.
    expect(new URL(requests[0]?.url ?? '').href).toBe(requests[0]?.url);
  });

  it.each(['/other.example/key', '//other.example/key', 'https://other.example/key'])(
    'stays at the bucket whatever the key: %s',
    async (key) => {
      const { client, requests } = setUp();
      await client.send({ method: 'GET', key }, signal);
      expect(new URL(requests[0]?.url ?? '').origin).toBe(ORIGIN);
      expect(new URL(client.unsigned({ method: 'GET', key }).url).origin).toBe(ORIGIN);
    },
  );

  it.each(['teams/../other', './key', 'teams/..'])(
    'is not made for a key that would name another object: %s',
    async (key) => {
      const { client, requests } = setUp();
      expect(await client.send({ method: 'DELETE', key }, signal)).toEqual({
        ok: false,
        error: { kind: 'RequestRefused' },
      });
      expect(requests).toEqual([]);
    },
  );
});

describe('the headers of a signed request', () => {
  it('hold the token of a session and the hash of the body, signed, and no host, which the connector sets', async () => {
    const { client, requests } = setUp();
    await client.send({ method: 'GET' }, signal);
    const { headers = {} } = requests[0] ?? {};
    expect(headers).toMatchObject({ 'x-amz-security-token': 'token', 'x-amz-date': expect.any(String) });
    expect(headers['authorization']).toContain(
      'SignedHeaders=host;x-amz-content-sha256;x-amz-date;x-amz-security-token',
    );
    expect(headers).not.toHaveProperty('host');
  });
});

describe('an error in an answer with status 200', () => {
  const ERROR = '<?xml version="1.0"?>\n<Error><Code>AccessDenied</Code><RequestId>1</RequestId></Error>';

  it.each([
    ['at once', ERROR],
    ['after blanks that kept the connection', `<?xml version="1.0"?>\n   \n${ERROR.slice(22)}`],
    ['with a line end', `${ERROR}\n`],
    ['with attributes', ERROR.replace('<Error>', '<Error xmlns="http://s3.amazonaws.com/doc/2006-03-01/">')],
  ])('is a failure: %s', async (_, body) => {
    const { client } = setUp({ status: 200, body });
    expect(await client.ask({ method: 'POST', key: 'key', query: { uploadId: 'u' } }, signal)).toMatchObject({
      ok: false,
      error: { kind: 'AccessDenied', providerCode: 'AccessDenied', requestId: '1' },
    });
  });

  it('is none where it is the content of an object', async () => {
    const { client } = setUp({ status: 200, body: ERROR });
    expect(await client.send({ method: 'GET', key: 'key' }, signal)).toMatchObject({ ok: true });
  });
});
