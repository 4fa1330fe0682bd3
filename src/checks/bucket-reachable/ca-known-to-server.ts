import { tlsTrusted } from './tls-trusted.ts';
import { defineCheck, type CheckContext } from '../check.ts';
import { passed, unknown, warned } from '../judgement.ts';
import { messagesOf } from '../remedies/messages-of.ts';

/** W&B's server, browsers and clients trust the store's certificate, not only the operator. */
export const caKnownToServer = defineCheck({
  name: 'CaKnownToServer',
  gate: 'BucketReachable',
  required: false,
  ignorable: true,
  prerequisites: [tlsTrusted],
  decidedBy: 'Survey',
  needs: ['endpoint'],
  notApplicable: (context) => (bundleOf(context) === undefined ? 'The spec names no CA.' : undefined),
  reasons: {
    CaPrivate: {
      result: 'Warn',
      meaning:
        "The store's certificate ends at a CA of the spec, which W&B's server, browsers and clients must trust too.",
      remedy: 'Add the CA to the server (global.caCertsConfigMap), and to the machines of browsers and clients.',
      codes: [],
      proof: 'rules',
    },
  },
  judge: ({ endpoint }, context) => {
    const certificate = endpoint?.ok === true ? endpoint.value.certificate : undefined;
    if (certificate === undefined) return unknown('NotObserved', 'No certificate was seen.');
    if (certificate.systemCa) return passed('The certificate ends at a public CA; caBundle is not needed.');
    const { kind = '', name = '', key = '' } = bundleOf(context) ?? {};
    return warned(
      'CaPrivate',
      `The certificate of ${messagesOf(context).url} ends at a CA that the operator trusts because of ${key} of ${kind} ${name}. W&B's server, browsers and clients must trust this CA too.`,
      `Add the CA to the server (a ConfigMap named by global.caCertsConfigMap of the chart operator-wandb: kubectl create configmap wandb-ca-certs -n ${context.namespace} --from-file=ca.crt), and to the machines of browsers and clients.`,
    );
  },
});

function bundleOf({ storage }: CheckContext) {
  return storage.provider === 'S3Compatible' ? storage.caBundle : undefined;
}
