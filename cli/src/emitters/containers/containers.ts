import type { Workspace } from '../../model/workspace.ts';
import type { OutputFile } from '../../output/output-file.ts';
import { composeFile } from './compose.ts';
import { dockerfile, dockerignore } from './dockerfile.ts';

/** compose.yaml, Dockerfile and .dockerignore at the root, where the workspace asks for them and has a service to run. */
export const emitContainers = (workspace: Workspace): readonly OutputFile[] => {
  const own = workspace.services.filter(({ external }) => !external);
  if (!workspace.containers || own.length === 0) return [];
  const file = (path: string, text: string): OutputFile => ({ path, policy: 'regenerated', text });
  return [
    file('.dockerignore', dockerignore()),
    file('Dockerfile', dockerfile(own, workspace.containers)),
    file('compose.yaml', composeFile(workspace)),
  ];
};
