import type { ConditionReason } from '../conditions/condition-reason.ts';

/** Reasons of `CredentialsResolved`. */
export const CREDENTIALS_REASONS = {
  Resolved: {
    status: 'True',
    meaning: 'The credentials were read and have a valid form.',
    remedy: '',
  },
  NotReached: {
    status: 'Unknown',
    meaning: 'The credentials have not been read, because an earlier gate is not open.',
    remedy: 'Fix Accepted.',
  },
  SecretNotFound: {
    status: 'False',
    class: 'reference',
    meaning: 'The Secret does not exist in the namespace of the object.',
    remedy: 'Create it with the label storage.wandb.com/allow=true.',
  },
  SecretNotAllowed: {
    status: 'False',
    class: ['reference', 'spec'],
    meaning: 'The Secret lacks the label, or it is an output of the operator.',
    remedy: 'Set the label with the command in the message. Never name an output of the operator as a source.',
  },
  SecretKeyMissing: {
    status: 'False',
    class: 'reference',
    meaning: 'The Secret has no key of that name. The message lists the keys that it has.',
    remedy: 'Add the key, or name another one in the secretRef.',
  },
  SecretMalformed: {
    status: 'False',
    class: 'reference',
    meaning: 'The value has a wrong form: a line break, white space, not a key file, not an account key.',
    remedy: 'Write the value again as the message says.',
  },
  SecretUnreadable: {
    status: 'False',
    class: ['reference', 'transient'],
    meaning: 'The API server refused or failed to return the Secret.',
    remedy: 'With 403, grant get on Secrets to the operator. Otherwise the operator tries again.',
  },
  CredentialTypeNotAllowed: {
    status: 'False',
    class: 'reference',
    meaning: 'The key file is not of type service_account.',
    remedy: 'Create a key of a service account.',
  },
  CredentialsRequired: {
    status: 'False',
    class: 'spec',
    meaning: 'The bucket names no credentials, so the operator cannot prove it.',
    remedy: 'Set spec.validation.credentialsFrom, or name credentials in the bucket.',
  },
  AmbientIdentityUnavailable: {
    status: 'False',
    class: 'reference',
    meaning: 'The operator has no cloud identity of its own for this provider.',
    remedy: 'Annotate the ServiceAccount of the operator and restart it, or set spec.validation.credentialsFrom.',
  },
  ConfigMapNotFound: {
    status: 'False',
    class: 'reference',
    meaning: 'The ConfigMap with the CA does not exist.',
    remedy: 'Create it.',
  },
  ConfigMapUnreadable: {
    status: 'False',
    class: ['reference', 'transient'],
    meaning: 'The API server refused or failed to return the ConfigMap.',
    remedy: 'With 403, grant get on ConfigMaps to the operator. Otherwise the operator tries again.',
  },
  CaBundleInvalid: {
    status: 'False',
    class: 'reference',
    meaning: 'The CA bundle is missing, too large, or holds no certificate in PEM.',
    remedy: 'Put the certificate of the CA there, in PEM.',
  },
  ServiceAccountNotFound: {
    status: 'False',
    class: 'reference',
    meaning: 'The ServiceAccount does not exist in the namespace of the object.',
    remedy: 'Name the ServiceAccount of the W&B pods.',
  },
  ServiceAccountNotAllowed: {
    status: 'False',
    class: 'reference',
    meaning: 'The ServiceAccount lacks the label storage.wandb.com/allow=true.',
    remedy: 'Set the label with the command in the message.',
  },
  ServiceAccountUnreadable: {
    status: 'False',
    class: ['reference', 'transient'],
    meaning: 'The API server refused or failed to return the ServiceAccount.',
    remedy: 'With 403, add it to the chart value rbac.tokenRequest. Otherwise the operator tries again.',
  },
  TokenRequestForbidden: {
    status: 'False',
    class: 'reference',
    meaning: 'The operator may not request tokens of the ServiceAccount.',
    remedy: 'Add it to the chart value rbac.tokenRequest.',
  },
  TokenRequestFailed: {
    status: 'False',
    class: 'transient',
    meaning: 'The API server issued no token.',
    remedy: 'The operator tries again.',
  },
} as const satisfies Readonly<Record<string, ConditionReason>>;
