import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { databaseName, secretFiles, type SecretFile } from '../emitters/containers/secrets.ts';
import { readWorkspaceFile } from '../model/workspace-file.ts';
import { UserError } from './user-error.ts';

export interface MadeSecrets {
  /** Relative to the root. */
  readonly directory: string;
  readonly made: readonly string[];
  /** There already, and left as they are. */
  readonly kept: readonly string[];
  /** Made empty: only their service knows what they have to hold. */
  readonly yours: readonly { readonly name: string; readonly service: string; readonly setting: string }[];
}

export const secretsDirectory = 'secrets';

/** Makes the files that compose.yaml takes secrets from, random ones; what is there already stays. They are kept out of git. */
export const makeSecrets = (root: string): MadeSecrets => {
  const { workspace, findings } = readWorkspaceFile(root);
  if (!workspace) {
    const [first] = findings;
    throw new UserError({
      code: 'workspace-file',
      message: first ? `${first.file}:${first.line}:${first.column} ${first.message}` : 'parkwise.yaml cannot be read',
      nextSteps: first ? [first.hint] : [],
    });
  }
  const own = workspace.services.filter(({ external }) => !external);
  const folder = join(root, secretsDirectory);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  if (!existsSync(join(folder, '.gitignore'))) writeFileSync(join(folder, '.gitignore'), '*\n');
  const made: string[] = [];
  const kept: string[] = [];
  const yours: { name: string; service: string; setting: string }[] = [];
  for (const file of secretFiles(own)) {
    const path = join(folder, file.name);
    if (existsSync(path)) {
      kept.push(file.name);
      continue;
    }
    // The folder is its owner's alone; the file itself is read in the container by another user.
    writeFileSync(path, textOf(file, workspace.name), { mode: 0o644 });
    if (file.holds === 'own') yours.push({ name: file.name, service: file.service ?? '', setting: file.setting ?? '' });
    else made.push(file.name);
  }
  return { directory: secretsDirectory, made, kept, yours };
};

/** Of letters, digits, - and _: they mean nothing in a URL, a shell or SQL. */
const random = (): string => randomBytes(24).toString('base64url');

const textOf = ({ holds, service = '' }: SecretFile, workspace: string): string => {
  switch (holds) {
    case 'password':
    case 'client-secret':
      return random();
    case 'redis-url':
      return `redis://:${random()}@redis:6379/0`;
    case 'database-url':
      return `mysql://${service}:${random()}@mariadb:3306/${databaseName({ name: workspace }, service)}`;
    case 'own':
      return '';
  }
};
