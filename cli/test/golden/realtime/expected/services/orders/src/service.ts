import { defineService } from './generated/service.ts';

/** The composition root: the only place where ports meet adapters. */
export default defineService(() => ({}));
