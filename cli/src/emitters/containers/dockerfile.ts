/**
 * One image with all services of the workspace: the command says which of them a container is.
 *
 *   FROM ${NODE_IMAGE} AS packages
 *   RUN npm ci --omit=dev --ignore-scripts --workspace=services/orders
 *   …
 *   USER node
 *   HEALTHCHECK CMD ["node", "-e", "…/health/ready…"]
 */
import type { Containers, Service } from '../../model/workspace.ts';
import { CONTAINER_PORT, generatedNote, images } from './images.ts';

/** Asks the service itself, with what is in the image. */
const HEALTH = `fetch('http://127.0.0.1:'+(process.env.PARKWISE_PORT||${CONTAINER_PORT})+'/health/ready').then((answer)=>process.exit(answer.ok?0:1),()=>process.exit(1))`;

const directoryOf = (path: string): string => path.slice(0, path.lastIndexOf('/') + 1);

export const dockerfile = (services: readonly Service[], containers: Containers): string => {
  const { manifests, runtimeFolder, npmrc } = containers;
  const lists = [
    `COPY package.json package-lock.json ${npmrc ? '.npmrc ' : ''}./`,
    ...manifests.map((path) => `COPY ${path} ${directoryOf(path)}`),
  ];
  const own = services.map(({ directory }) => `--workspace=${directory}`);
  const builder =
    runtimeFolder === undefined
      ? []
      : [
          '# @parkwise/runtime is part of this repository: Node strips no types under node_modules, so it is built.',
          'FROM ${NODE_IMAGE} AS runtime',
          'WORKDIR /app',
          ...lists,
          `RUN npm ci --ignore-scripts --include-workspace-root --workspace=${runtimeFolder}`,
          'COPY tsconfig.json ./',
          `COPY ${runtimeFolder} ${runtimeFolder}`,
          `RUN npm run build --workspace=${runtimeFolder}`,
          '',
        ];
  return [
    '# syntax=docker/dockerfile:1',
    generatedNote,
    `ARG NODE_IMAGE=${images.node}`,
    '',
    '# The packages that services need when they run, and no others.',
    'FROM ${NODE_IMAGE} AS packages',
    'WORKDIR /app',
    ...lists,
    `RUN npm ci --omit=dev --ignore-scripts ${own.join(' ')}`,
    '',
    ...builder,
    'FROM ${NODE_IMAGE}',
    `ENV NODE_ENV=production PARKWISE_HOST=0.0.0.0 PARKWISE_PORT=${CONTAINER_PORT}`,
    'WORKDIR /app',
    'COPY --from=packages /app ./',
    ...(runtimeFolder === undefined ? [] : [`COPY --from=runtime /app/${runtimeFolder}/dist ${runtimeFolder}/dist`]),
    '# Sources run as they are: Node strips their types.',
    ...services.map(({ directory }) => `COPY ${directory} ${directory}`),
    'USER node',
    `EXPOSE ${CONTAINER_PORT}`,
    'STOPSIGNAL SIGTERM',
    `HEALTHCHECK --interval=10s --timeout=3s --start-period=30s --retries=3 CMD ["node", "-e", ${JSON.stringify(HEALTH)}]`,
    'ENTRYPOINT ["node", "--disable-warning=ExperimentalWarning"]',
    `# Which service: services/<name>/src/generated/main.ts; with --migrate it brings its database up to date, and ends.`,
    `CMD ["${services[0]?.directory ?? 'services'}/src/generated/main.ts"]`,
    '',
  ].join('\n');
};

/** Nothing of a developer's machine gets into the build: no secrets, no history, no packages made for another system. */
export const dockerignore = (): string =>
  [
    generatedNote,
    '.git',
    '**/node_modules',
    '**/.parkwise',
    '**/dist',
    '**/test',
    '**/*.log',
    '**/*.tgz',
    '**/*.env',
    '**/.env.*',
    'secrets',
    'compose.yaml',
    'compose.override.yaml',
    'Dockerfile',
    '.dockerignore',
    '',
  ].join('\n');
