import { randomBytes } from 'node:crypto';
import { connection, PROJECT, type Answers, type Bucket } from './graphql.ts';
import type { CompletedPart, Upload } from './signer.ts';

interface Artifact {
  readonly id: string;
  readonly collection: string;
  readonly type: string;
  readonly digest: string;
  /** Keys of objects by the names of the files. */
  readonly files: Map<string, string>;
}

/** What the client sends of a file that it is about to upload. */
interface NewFile {
  readonly artifactID: string;
  readonly name: string;
  readonly md5: string;
  readonly uploadPartsInput: readonly { readonly partNumber: number }[] | null;
}

const CREATED = '2026-01-01T00:00:00Z';

/** Artifacts, their manifests and their files. */
export function artifactAnswers(bucket: Bucket): Answers {
  const artifacts = new Map<string, Artifact>();
  const find = (id: unknown): Artifact => {
    const artifact = artifacts.get(String(id));
    if (artifact === undefined) throw new Error(`there is no artifact ${String(id)}`);
    return artifact;
  };
  const manifestOf = ({ id }: Artifact): string => bucket.key('artifacts', id, 'wandb_manifest.json');

  async function manifestUpload(artifact: Artifact) {
    const { url, headers } = await bucket.upload(manifestOf(artifact));
    return { id: artifact.id, file: { id: artifact.id, uploadUrl: url, uploadHeaders: headers } };
  }

  async function create({ artifactID, name, md5, uploadPartsInput }: NewFile) {
    const storagePath = bucket.key('artifacts', artifactID, name);
    find(artifactID).files.set(name, storagePath);
    const node = { artifact: { id: artifactID }, name, storagePath };
    const { parts } = bucket;
    if (uploadPartsInput === null || parts === undefined) {
      const upload: Upload = await bucket.upload(storagePath, md5);
      return { ...node, uploadUrl: upload.url, uploadHeaders: upload.headers, uploadMultipartUrls: null };
    }
    const uploadID = await parts.start(storagePath);
    const urls = uploadPartsInput.map(async ({ partNumber }) => ({
      partNumber,
      uploadUrl: await parts.part(storagePath, uploadID, partNumber),
    }));
    const uploadMultipartUrls = { uploadID, uploadUrlParts: await Promise.all(urls) };
    return { ...node, uploadUrl: '', uploadHeaders: [], uploadMultipartUrls };
  }

  /** The newest of a collection, by a name such as `model:latest`. */
  const latest = (name: unknown): Artifact | undefined => {
    const [collection] = String(name).split(':');
    return [...artifacts.values()].findLast((artifact) => artifact.collection === collection);
  };

  function described({ id, collection, type, digest, files }: Artifact) {
    const artifactCollection = { __typename: 'ArtifactSequence', name: collection, project: PROJECT };
    const artifact = {
      __typename: 'Artifact',
      id,
      artifactSequence: artifactCollection,
      versionIndex: 0,
      artifactType: { name: type },
      description: null,
      metadata: null,
      ttlDurationSeconds: 0,
      ttlIsInherited: false,
      tags: [],
      historyStep: null,
      state: 'COMMITTED',
      size: 0,
      digest,
      digestAlgorithm: 'MANIFEST_MD5',
      commitHash: '',
      fileCount: files.size,
      createdAt: CREATED,
      updatedAt: null,
      aliases: [],
    };
    const membership = { __typename: 'ArtifactCollectionMembership', id, versionIndex: 0, createdAt: CREATED };
    return { ...membership, aliases: [], artifactCollection, artifact };
  }

  return {
    ArtifactType: ({ name }) => {
      const found = latest(name);
      const artifact = found === undefined ? null : { artifactType: { name: found.type } };
      return { project: { ...PROJECT, artifact } };
    },
    ArtifactMembershipByName: ({ name }) => {
      const found = latest(name);
      return { project: { ...PROJECT, artifactCollectionMembership: found === undefined ? null : described(found) } };
    },
    ArtifactByID: ({ id }) => ({ artifact: described(find(id)).artifact }),
    FetchArtifactManifest: async ({ id }) => ({
      artifact: { currentManifest: { file: { directUrl: await bucket.read(manifestOf(find(id))) } } },
    }),
    GetArtifactMembershipFileUrls: async ({ collection }) => {
      const { files = new Map<string, string>() } = latest(collection) ?? {};
      const nodes = [...files].map(async ([name, key]) => ({
        __typename: 'File',
        name,
        directUrl: await bucket.read(key),
      }));
      const artifactMembership = { files: connection(await Promise.all(nodes)) };
      return { project: { ...PROJECT, artifactCollection: { __typename: 'ArtifactSequence', artifactMembership } } };
    },
    CreateArtifact: ({ input }) => {
      const wanted = input as { artifactTypeName: string; artifactCollectionName: string; digest: string };
      const id = randomBytes(6).toString('hex');
      artifacts.set(id, {
        id,
        collection: wanted.artifactCollectionName,
        type: wanted.artifactTypeName,
        digest: wanted.digest,
        files: new Map(),
      });
      return { createArtifact: { artifact: { id, state: 'PENDING', artifactSequence: { latestArtifact: null } } } };
    },
    CreateArtifactManifest: async ({ artifactID }) => ({
      createArtifactManifest: { artifactManifest: await manifestUpload(find(artifactID)) },
    }),
    UpdateArtifactManifest: async ({ artifactManifestID }) => ({
      updateArtifactManifest: { artifactManifest: await manifestUpload(find(artifactManifestID)) },
    }),
    CreateArtifactFiles: async ({ input }) => {
      const { artifactFiles } = input as { readonly artifactFiles: readonly NewFile[] };
      return { createArtifactFiles: { files: connection(await Promise.all(artifactFiles.map(create))) } };
    },
    CompleteMultipartUploadArtifact: async ({ completedParts, storagePath, uploadID }) => {
      const sent = completedParts as readonly { readonly partNumber: number; readonly hexMD5: string }[];
      const parts = sent.map(({ partNumber, hexMD5 }): CompletedPart => ({
        PartNumber: partNumber,
        ETag: `"${hexMD5}"`,
      }));
      await bucket.parts?.complete(String(storagePath), String(uploadID), parts);
      return { completeMultipartUploadArtifact: { digest: '' } };
    },
    CommitArtifact: ({ artifactID }) => {
      const { id, digest } = find(artifactID);
      return { commitArtifact: { artifact: { id, digest } } };
    },
  };
}
