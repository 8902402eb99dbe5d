import type { FindingList } from '../../source/finding-list.ts';
import type { SourceFiles } from '../../source/source-files.ts';
import type { MessagingContract } from '../../model/workspace.ts';
import type { Bundle } from '../bundle/bundle.ts';

export const loadAsyncApi = async (
  _path: string,
  _context: { files: SourceFiles; findings: FindingList },
): Promise<{ readonly contract: MessagingContract; readonly bundle: Bundle } | undefined> => undefined;
