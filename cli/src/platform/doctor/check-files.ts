import { existsSync, mkdtempSync, rmSync, statfsSync, statSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { diagnosing, type Diagnosis, type Patient } from './diagnosis.ts';

const files = diagnosing('files');
const disk = diagnosing('disk');

/** Whether there is room, and `parkwise` and the services can write where they have to. */
export const checkFiles = ({ root, files: places }: Patient): readonly Diagnosis[] => [
  ...[root, places.folder, places.data, places.run].filter((folder) => existsSync(folder)).map(writable(root)),
  ...[places.clientSecrets, places.apiKeySecret].filter((file) => existsSync(file)).flatMap(secret(root)),
  space(root),
];

/** Tried, because permissions do not tell all: read-only mounts, quotas, a file where a folder should be. */
const writable =
  (root: string) =>
  (folder: string): Diagnosis => {
    const subject = relative(root, folder) || '.';
    try {
      const draft = mkdtempSync(join(folder, '.parkwise-doctor-'));
      try {
        writeFileSync(join(draft, 'probe'), 'probe');
      } finally {
        rmSync(draft, { recursive: true, force: true });
      }
      return files.ok(subject, 'can be written to');
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
      const hint =
        code === 'ENOTDIR'
          ? 'It has to be a folder: move the file away.'
          : code === 'ENOSPC' || code === 'EDQUOT'
            ? 'Make room on the disk.'
            : 'Give it to the user who runs parkwise (chown, chmod), or mount it writable.';
      return files.problem({ subject, message: `cannot be written to (${code})` }, hint);
    }
  };

const secret =
  (root: string) =>
  (file: string): readonly Diagnosis[] => {
    const mode = statSync(file).mode & 0o777;
    if (process.platform === 'win32' || (mode & 0o077) === 0) return [];
    const subject = relative(root, file);
    return [
      files.warning(
        { subject, message: `others can read this secret (mode ${mode.toString(8)})` },
        `chmod 600 ${subject}`,
      ),
    ];
  };

const GIB = 2 ** 30;

const space = (root: string): Diagnosis => {
  const { bavail, bsize } = statfsSync(root);
  const free = bavail * bsize;
  const said = { subject: '', message: `${(free / GIB).toFixed(1)} GiB are free` };
  const hint = 'Make room: databases and logs that cannot grow stop the services.';
  if (free < GIB / 10) return disk.problem(said, hint);
  return free < GIB ? disk.warning(said, hint) : disk.ok('', said.message);
};
