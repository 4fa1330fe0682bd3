import { expect, it } from '@jest/globals';
import { createFakeClock } from '../../../test/support/fakes/clock.ts';
import { err, ok } from '../../base/result.ts';
import { Secret } from '../../base/secret.ts';
import type { KubeObject } from '../../api/object.ts';
import type { KubeClient, KubeFailure, TokenWanted } from '../../ports/kube.ts';
import { createTokenSource } from './token-source.ts';

const account = { namespace: 'wandb', name: 'wandb-app' };
const AUDIENCE = 'sts.amazonaws.com';
const failure = (status: number, reason: string): KubeFailure => ({ status, reason, message: '' });
const tokenOf = (payload: object, number: number): string =>
  `e30.${Buffer.from(JSON.stringify(payload)).toString('base64url')}.signature-${number}`;

function setUp(options: { readonly labels?: Readonly<Record<string, string>>; readonly requireLabel?: boolean } = {}) {
  const clock = createFakeClock();
  const asked: TokenWanted[] = [];
  const answers = { get: undefined as KubeFailure | undefined, token: undefined as KubeFailure | undefined };
  const kube: Pick<KubeClient, 'get' | 'requestToken'> = {
    get: () => {
      const { labels = { 'storage.wandb.com/allow': 'true' } } = options;
      const object: KubeObject = { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { ...account, labels } };
      return Promise.resolve(answers.get === undefined ? ok(object as never) : err(answers.get));
    },
    requestToken: (_account, wanted) => {
      asked.push(wanted);
      const token = new Secret(tokenOf({ iss: 'https://oidc.example/1' }, asked.length));
      return Promise.resolve(answers.token === undefined ? ok(token) : err(answers.token));
    },
  };
  const tokens = createTokenSource({ kube, clock, requireLabel: options.requireLabel ?? true });
  return { clock, asked, answers, open: () => tokens.open(account, AUDIENCE) };
}

it('gives the workload with a token of ten minutes for one audience, and who issued it', async () => {
  const { open, asked } = setUp();
  const opened = await open();

  expect(opened).toMatchObject({
    ok: true,
    value: {
      name: 'ServiceAccount wandb/wandb-app',
      subject: 'system:serviceaccount:wandb:wandb-app',
      issuer: 'https://oidc.example/1',
    },
  });
  expect(asked).toEqual([{ audience: AUDIENCE, seconds: 600 }]);
});

it('uses a token for as long as a probe that waits could need it, and then asks for another', async () => {
  const { open, asked, clock } = setUp();
  const opened = await open();
  await Promise.all([open(), open()]);
  expect(asked).toHaveLength(1);
  clock.advance(5 * 60_000);

  const again = opened.ok ? await opened.value.token() : undefined;
  expect(asked).toHaveLength(2);
  expect(again?.ok === true && again.value.reveal()).toMatch(/signature-2$/);
});

it('sends one request for simultaneous calls, and again after a refusal', async () => {
  const { open, asked, answers } = setUp();
  answers.token = failure(403, 'Forbidden');
  await Promise.all([open(), open(), open()]);
  expect(asked).toHaveLength(1);
  answers.token = undefined;

  expect(await open()).toMatchObject({ ok: true });
  expect(asked).toHaveLength(2);
});

it.each([
  ['a ServiceAccount that is not there', { get: failure(404, 'NotFound') }, 'ServiceAccountNotFound', 'reference'],
  ['one that may not be read', { get: failure(403, 'Forbidden') }, 'ServiceAccountUnreadable', 'reference'],
  ['one that could not be read', { get: failure(0, 'ECONNRESET') }, 'ServiceAccountUnreadable', 'transient'],
  ['a token that may not be had', { token: failure(403, 'Forbidden') }, 'TokenRequestForbidden', 'reference'],
  ['a token that did not come', { token: failure(500, 'InternalError') }, 'TokenRequestFailed', 'transient'],
])('reports %s', async (_, refusals, reason, failureClass) => {
  const { open, answers } = setUp();
  Object.assign(answers, refusals);

  expect(await open()).toMatchObject({ ok: false, error: { reason, failureClass } });
});

it('asks for no token of a ServiceAccount without the label', async () => {
  const { open, asked } = setUp({ labels: {} });

  expect(await open()).toMatchObject({
    ok: false,
    error: {
      reason: 'ServiceAccountNotAllowed',
      remedy: expect.stringContaining('kubectl label serviceaccount wandb-app -n wandb storage.wandb.com/allow=true'),
    },
  });
  expect(asked).toEqual([]);
});

it('takes any where the administrator lifted the rule', async () => {
  expect(await setUp({ labels: {}, requireLabel: false }).open()).toMatchObject({ ok: true });
});

it('reports in the probe that there is no token any more', async () => {
  const { open, answers, clock } = setUp();
  const opened = await open();
  clock.advance(600_000);
  answers.token = failure(403, 'Forbidden');

  const token = opened.ok ? await opened.value.token() : undefined;
  expect(token).toEqual({ ok: false, error: { kind: 'TokenUnavailable', httpStatus: 403, providerCode: 'Forbidden' } });
});
