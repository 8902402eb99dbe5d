import type { Commit } from './operation.ts';
import { Answer } from './answers/reply-constructors.ts';
import type { CheckAnswer } from './answers/check-answer.ts';
import type { WireAnswer } from './answers/wire-answer.ts';
import { storedAnswer } from './idempotency.ts';
import type { CommitUnit } from './unit-of-work.ts';

export interface CommitOptions {
  readonly commit: CommitUnit;
  readonly checkAnswer: CheckAnswer;
  /** Whether the answer must be known when the transaction ends, because a repetition is to get the same. */
  readonly needsAnswer: boolean;
  /** Told what was checked, so that it is not checked again when the handler returns it. */
  readonly remember: (answer: Answer, checked: WireAnswer) => void;
}

/**
 * `commit` as a handler sees it. The answer is checked before the transaction ends: one that the contract does not declare rolls
 * it back, so that no client is told 500 about something that happened.
 */
export const commitOnce = ({ commit, checkAnswer, needsAnswer, remember }: CommitOptions): Commit => {
  let isCalled = false;
  return (work) => {
    if (isCalled) throw new Error('commit can be called once in a request');
    isCalled = true;
    return commit(work, (result) => {
      if (!(result instanceof Answer)) {
        if (needsAnswer)
          throw new Error('The work given to commit must return the answer, where the contract has an Idempotency-Key');
        return { keep: true };
      }
      const checked = checkAnswer(result);
      remember(result, checked);
      if (checked.status >= 500) return { keep: false };
      return { keep: checked.status < 400, answer: storedAnswer(checked) };
    });
  };
};
