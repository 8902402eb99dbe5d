export type { X } from '../adapters/x.ts';
