import type { Block } from '../domain/block.ts';
import { instantText } from './instant.ts';

/** A block as the contract shows it. */
export const blockAnswer = ({ window, createdAt, ...block }: Block) => ({
  ...block,
  from: instantText(window.from),
  to: instantText(window.to),
  createdAt: instantText(createdAt),
});
