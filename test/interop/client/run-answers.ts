import { connection, PROJECT, type Answers, type Bucket } from './graphql.ts';

/** Runs and their files. */
export function runAnswers(bucket: Bucket): Answers {
  const files = new Set<string>();
  const run = (name: string) => ({
    id: `run-${name}`,
    internalId: 'UnVuOjE=',
    name,
    displayName: name,
    config: '{}',
    summaryMetrics: '{}',
    state: 'finished',
    tags: [],
    projectId: '1',
    createdAt: '2026-01-01T00:00:00',
    heartbeatAt: '2026-01-01T00:00:00',
    historyKeys: {},
    user: { name: PROJECT.entity.name, username: PROJECT.entity.name },
    project: PROJECT,
    fileCount: files.size,
    historyLineCount: 0,
  });
  return {
    UpsertBucket: ({ name }) => ({ upsertBucket: { bucket: run(String(name)), inserted: true } }),
    CreateRunFiles: async ({ run: name, files: names }) => {
      const created = (names as readonly string[]).map(async (file) => {
        files.add(file);
        return { name: file, upload: await bucket.upload(bucket.key(String(name), file)) };
      });
      const all = await Promise.all(created);
      return {
        createRunFiles: {
          runID: `run-${String(name)}`,
          uploadHeaders: all[0]?.upload.headers ?? [],
          files: all.map(({ name: file, upload }) => ({ name: file, uploadUrl: upload.url })),
        },
      };
    },
    Run: ({ name }) => ({ project: { ...PROJECT, run: run(String(name)) } }),
    RunFiles: async ({ name, fileNames }) => {
      const wanted = fileNames as readonly string[];
      const names = [...files].filter((file) => wanted.length === 0 || wanted.includes(file));
      const nodes = await Promise.all(
        names.map(async (file) => {
          const url = await bucket.read(bucket.key(String(name), file));
          return { id: file, name: file, url, directUrl: url, sizeBytes: 0, mimetype: '', updatedAt: null, md5: '' };
        }),
      );
      return { project: { ...PROJECT, run: { ...run(String(name)), files: connection(nodes) } } };
    },
  };
}
