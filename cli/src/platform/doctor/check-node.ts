import { diagnosing, type Diagnosis } from './diagnosis.ts';

const { ok, problem } = diagnosing('node');

/** Services run on this very Node: types are stripped, and SQLite is built in. */
export const checkNode = (version = process.versions.node): readonly Diagnosis[] => {
  if (Number.parseInt(version, 10) >= 24) return [ok('', `Node ${version} (${process.execPath})`)];
  return [
    problem(
      { subject: '', message: `Node ${version} (${process.execPath}) is too old` },
      'Install Node 24 or newer from https://nodejs.org, or let "npm install" bring it (without --omit=optional).',
    ),
  ];
};
