// Generated from the CRD by `npm run generate`. Do not edit.

export interface InstanceStorageSpec {
  deployment: {
    type: 'DedicatedCloud' | 'SaaSCloud' | 'SelfManaged';
    cloud: 'AWS' | 'GCP' | 'Azure' | 'CoreWeave' | 'OnPremises';
    url?: string;
    availability?: 'byob-2024' | 'byob-2026';
    apiKeySecretRef?: {
      name: string;
      key?: string;
    };
    proxiesFileStore?: boolean;
  };
  bucket?: {
    provider: 'S3' | 'S3Compatible' | 'GCS' | 'AzureBlob' | 'CoreWeave';
    name: string;
    path?: string;
    s3?: {
      region: string;
      kmsKeyArn?: string;
      expectedBucketOwner?: string;
      credentials?: {
        accessKey?: {
          secretRef: {
            name: string;
            accessKeyIdKey?: string;
            secretAccessKeyKey?: string;
          };
        };
        webIdentity?: {
          serviceAccountRef: {
            name: string;
          };
          roleArn: string;
        };
        assumeRole?: {
          roleArn: string;
          externalId?: string;
        };
      };
    };
    s3Compatible?: {
      endpoint: string;
      region: string;
      addressing?: 'Path' | 'VirtualHosted';
      kmsKeyId?: string;
      caBundle?: {
        configMapKeyRef?: {
          name: string;
          key?: string;
        };
        secretKeyRef?: {
          name: string;
          key?: string;
        };
      };
      credentials?: {
        accessKey: {
          secretRef: {
            name: string;
            accessKeyIdKey?: string;
            secretAccessKeyKey?: string;
          };
        };
      };
    };
    gcs?: {
      credentials?: {
        serviceAccountKey?: {
          secretRef: {
            name: string;
            key?: string;
          };
        };
        workloadIdentity?: {
          serviceAccountRef: {
            name: string;
          };
          audience: string;
          impersonate?: string;
        };
      };
    };
    azureBlob?: {
      storageAccount: string;
      credentials?: {
        accountKey?: {
          secretRef: {
            name: string;
            key?: string;
          };
        };
        workloadIdentity?: {
          serviceAccountRef: {
            name: string;
          };
          clientId: string;
          tenantId: string;
        };
      };
    };
    coreWeave?: {
      region?: string;
      credentials?: {
        accessKey: {
          secretRef: {
            name: string;
            accessKeyIdKey?: string;
            secretAccessKeyKey?: string;
          };
        };
      };
    };
  };
  bucketChangePolicy?: 'Forbid' | 'Allow';
  deletionPolicy?: 'Retain' | 'Remove';
  delivery?: {
    weightsAndBiases?: {
      name: string;
    };
    restart?: {
      mode?: 'Automatic' | 'Manual';
      minInterval?: string;
      selector?: {
        matchLabels?: {
          [k: string]: string;
        };
      };
    };
  };
  fileStores?: {
    separator?: string;
    variables?: string[];
  };
  validation?: {
    mode?: 'Full' | 'ReadOnly';
    interval?: string;
    fullInterval?: string;
    ignore?: (
      | 'EndpointReachable'
      | 'ClockInSync'
      | 'RegionMatches'
      | 'CanList'
      | 'CanWrite'
      | 'CanRead'
      | 'CanDelete'
      | 'PresignedUrls'
      | 'MultipartUpload'
      | 'CorsAllowsApp'
      | 'EncryptionMatches'
      | 'KmsUsable'
      | 'NotPublic'
      | 'RequesterPaysOff'
      | 'MixedContent'
      | 'ObjectsDeletable'
      | 'IdentityProven'
      | 'GrantComplete'
      | 'VersioningEnabled'
      | 'LifecycleSafe'
      | 'StorageClassReadable'
      | 'CredentialLifetime'
      | 'CaKnownToServer'
      | 'EndpointPublic'
      | 'TlsExpiry'
    )[];
    credentialsFrom?: {
      s3?: {
        accessKey?: {
          secretRef: {
            name: string;
            accessKeyIdKey?: string;
            secretAccessKeyKey?: string;
          };
        };
        webIdentity?: {
          serviceAccountRef: {
            name: string;
          };
          roleArn: string;
        };
        assumeRole?: {
          roleArn: string;
          externalId?: string;
        };
      };
      s3Compatible?: {
        accessKey: {
          secretRef: {
            name: string;
            accessKeyIdKey?: string;
            secretAccessKeyKey?: string;
          };
        };
      };
      gcs?: {
        serviceAccountKey?: {
          secretRef: {
            name: string;
            key?: string;
          };
        };
        workloadIdentity?: {
          serviceAccountRef: {
            name: string;
          };
          audience: string;
          impersonate?: string;
        };
      };
      azureBlob?: {
        accountKey?: {
          secretRef: {
            name: string;
            key?: string;
          };
        };
        workloadIdentity?: {
          serviceAccountRef: {
            name: string;
          };
          clientId: string;
          tenantId: string;
        };
      };
      coreWeave?: {
        accessKey: {
          secretRef: {
            name: string;
            accessKeyIdKey?: string;
            secretAccessKeyKey?: string;
          };
        };
      };
    };
  };
  suspend?: boolean;
}

export interface InstanceStorageStatus {
  observedGeneration?: number;
  conditions?: {
    type: string;
    status: 'True' | 'False' | 'Unknown';
    observedGeneration: number;
    lastTransitionTime: string;
    reason: string;
    message: string;
  }[];
  checks?: {
    name: string;
    result: 'Pass' | 'Warn' | 'Fail' | 'Skip' | 'Unknown';
    reason: string;
    message?: string;
    remedy?: string;
  }[];
  boundBucket?: {
    provider: string;
    name: string;
    path?: string;
    endpoint?: string;
    storageAccount?: string;
  };
  provider?: string;
  bucket?: string;
  region?: string;
  address?: string;
  credentialMode?: string;
  principal?: string;
  lastFullValidationTime?: string;
  lastHandledReconcileAt?: string;
  judgedSpec?: string;
  config?: {
    secretName?: string;
    configMapName?: string;
    hash?: string;
  };
  rotation?: {
    credentialFingerprint?: string;
    rotatedAt?: string;
    previousKeySafeToRevokeAfter?: string;
  };
  rollout?: {
    lastRestartTime?: string;
    lastCompletionTime?: string;
    workloads?: {
      uid: string;
      name: string;
      hash: string;
      restartTime?: string;
    }[];
  };
  teams?: {
    total?: number;
    ready?: number;
    published?: number;
    retained?: number;
    sharing?: number;
  };
}
