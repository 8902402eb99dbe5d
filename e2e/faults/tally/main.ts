import { runService } from '@parkwise/runtime/codegen/v1';
import { tally } from './service.ts';

await runService(tally);
