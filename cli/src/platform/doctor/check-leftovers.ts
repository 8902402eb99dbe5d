import { existsSync } from 'node:fs';
import { readIfThere } from '../../output/lock.ts';
import { isJournalThere } from '../../output/journal.ts';
import { isRunning, type ProcessMark } from '../process-info.ts';
import { readRunning, readState } from '../run-state.ts';
import { diagnosing, type Diagnosis, type Patient } from './diagnosis.ts';

const { ok, warning, problem } = diagnosing('leftovers');

/** What a killed `up` or `generate` has left behind. */
export const checkLeftovers = ({ root, files }: Patient): readonly Diagnosis[] => {
  const found: Diagnosis[] = [];
  if (readRunning(files) === undefined) {
    const orphans = (readState(files)?.services ?? []).filter(({ process: mark }) => mark !== null && isRunning(mark));
    for (const { name, process: mark } of orphans) {
      found.push(
        problem(
          { subject: name, message: `still runs (process ${mark?.pid}) although its supervisor is gone` },
          '"parkwise down" ends it, and so does the next "parkwise up".',
        ),
      );
    }
    const holder = existsSync(files.lock) ? holderOf(readIfThere(files.lock)) : undefined;
    if (holder !== undefined && (holder === 'unreadable' || !isRunning(holder))) {
      const who = holder === 'unreadable' ? 'is cut off' : `is of process ${holder.pid}, which is gone`;
      found.push(
        warning(
          { subject: '.parkwise/run/lock.json', message: `${who}: "parkwise up" was killed` },
          'Nothing needs doing: the next "parkwise up" clears it away.',
        ),
      );
    }
  }
  if (isJournalThere(root)) {
    found.push(
      warning(
        { subject: '.parkwise/generate.journal.json', message: '"parkwise generate" was cut off while it wrote' },
        'Run "parkwise generate": it knows its own half-written files and finishes them.',
      ),
    );
  }
  return found.length > 0 ? found : [ok('', 'nothing is left of runs that were killed')];
};

const holderOf = (text: string | undefined): ProcessMark | 'unreadable' | undefined => {
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text) as ProcessMark;
  } catch {
    return 'unreadable';
  }
};
