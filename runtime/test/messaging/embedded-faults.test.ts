import { runCases } from './support/cases.ts';
import { embeddedLog } from './support/transports.ts';
import { faultCases } from './suites/fault-cases.ts';

runCases(embeddedLog, faultCases);
