import type { FindingList } from '../source/finding-list.ts';
import type { LoadedService } from './load-workspace.ts';

export const checkNames = (_service: LoadedService, _findings: FindingList): void => undefined;
